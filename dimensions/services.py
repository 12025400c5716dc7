"""What happens to the frame, and finding an organisation by any name it goes by."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ambon_smartcity.http import Refused
from audit.services import changes_between, record, snapshot_of
from dimensions.models import (
    Dimension,
    Masterplan,
    MasterplanRevision,
    Organization,
    OrganizationAlias,
    OrganizationName,
    SubDimension,
)
from dimensions.names import names_on

if TYPE_CHECKING:
    from accounts.models import User

PREFIX = "dinas "
YEARS = ("start_year", "end_year")


def find_organization(name: str) -> Organization | None:
    """Return the one organisation called `name`, in any case, with or without "Dinas"."""
    wanted = " ".join(name.split())
    bare = wanted[len(PREFIX) :] if wanted.lower().startswith(PREFIX) else wanted
    forms = Q()
    for form in {wanted, bare, f"{PREFIX}{bare}"}:
        forms |= Q(short_name__iexact=form) | Q(official_name__iexact=form)
        forms |= Q(aliases__alias__iexact=form)
    found = Organization.objects.filter(forms).distinct()[:2]
    return found[0] if len(found) == 1 else None


def is_in_use(thing: models.Model) -> bool:
    """Whether anything refers to it; what would be deleted with it, as its own parts, does not."""
    for relation in thing._meta.get_fields(include_hidden=True):  # noqa: SLF001  Django documents it
        if (
            isinstance(relation, models.ForeignObjectRel)
            and relation.on_delete is not models.CASCADE
            and relation.related_model._base_manager.filter(  # noqa: SLF001
                **{relation.field.name: thing}
            ).exists()
        ):
            return True
    return False


# --- masterplans -----------------------------------------------------------------------------


@transaction.atomic
def add_masterplan(values: Mapping[str, Any], *, by: "User") -> Masterplan:
    """Add a masterplan with its first version."""
    masterplan = Masterplan(**values)
    _refuse_overlap(masterplan, values)
    _add(masterplan, values, by=by)
    MasterplanRevision.objects.create(masterplan=masterplan, number=1)
    return masterplan


@transaction.atomic
def change_masterplan(masterplan: Masterplan, values: Mapping[str, Any], *, by: "User") -> None:
    """Change what it is called and where it stands; its years only while nothing hangs on it."""
    masterplan = _locked_masterplan(masterplan)
    moved = [name for name in YEARS if values[name] != getattr(masterplan, name)]
    if moved and is_in_use(masterplan):
        sentence = _("Programmes or meetings hang on this masterplan, so its years stay.")
        raise ValidationError({moved[0]: sentence})
    if moved:
        _refuse_overlap(masterplan, values)
    _change(masterplan, values, by=by)


def overlapping_masterplan(masterplan: Masterplan, start: int, end: int) -> Masterplan | None:
    """Return the first other masterplan that has a year from `start` to `end`."""
    others = Masterplan.objects.exclude(pk=masterplan.pk).order_by("start_year")
    return others.filter(start_year__lte=end, end_year__gte=start).first()


def _refuse_overlap(masterplan: Masterplan, values: Mapping[str, Any]) -> None:
    """Refuse years of another masterplan; the form said so already unless two came at once."""
    list(Masterplan.objects.select_for_update(no_key=True).order_by("pk"))
    other = overlapping_masterplan(masterplan, values["start_year"], values["end_year"])
    if other is not None:
        raise Refused(_("These years overlap with “%(plan)s”.") % {"plan": other})


@transaction.atomic
def add_revision(
    masterplan: Masterplan, *, valid_from: date, decree: str, reason: str, by: "User"
) -> MasterplanRevision:
    """Record the next version of a masterplan; sent twice, it is one."""
    masterplan = _locked_masterplan(masterplan)
    last = masterplan.revisions.last() or MasterplanRevision.objects.create(
        masterplan=masterplan, number=masterplan.version
    )
    if (last.valid_from, last.decree, last.reason) == (valid_from, decree, reason):
        return last
    if last.valid_from and valid_from < last.valid_from:
        sentence = _("A revision cannot begin before the one that it follows.")
        raise ValidationError({"valid_from": sentence})
    revision = masterplan.revisions.create(
        number=last.number + 1, valid_from=valid_from, decree=decree, reason=reason
    )
    before = masterplan.version
    masterplan.version = revision.number
    masterplan.save(update_fields=["version"])
    record(
        "add_revision",
        masterplan,
        by=by,
        details={"valid_from": valid_from.isoformat(), "decree": decree},
        changes={"version": (before, revision.number)},
        reason=reason,
    )
    return revision


def _locked_masterplan(masterplan: Masterplan) -> Masterplan:
    return Masterplan.objects.select_for_update(no_key=True).get(pk=masterplan.pk)


# --- dimensions ------------------------------------------------------------------------------


@transaction.atomic
def change_dimension(
    dimension: Dimension,
    values: Mapping[str, Any],
    parts: Mapping[int, Mapping[str, Any]],
    *,
    by: "User",
) -> None:
    """Change a dimension and its sub-dimensions; `parts` is sub-dimension id -> its values."""
    _change(Dimension.objects.select_for_update(no_key=True).get(pk=dimension.pk), values, by=by)
    for part in SubDimension.objects.select_for_update(no_key=True).filter(
        dimension=dimension, pk__in=parts
    ):
        _change(part, parts[part.pk], by=by)


# --- organisations ---------------------------------------------------------------------------


@transaction.atomic
def add_organization(values: Mapping[str, Any], *, by: "User") -> Organization:
    organization = Organization(**values)
    _add(organization, values, by=by)
    return organization


@transaction.atomic
def change_organization(
    organization: Organization, values: Mapping[str, Any], *, by: "User"
) -> None:
    """Change what is known of an organisation; a new name is a matter of its own."""
    _change(_locked(organization), values, by=by)


@transaction.atomic
def rename_organization(
    organization: Organization,
    *,
    short_name: str,
    official_name: str,
    valid_from: date,
    source: str,
    by: "User",
) -> Organization:
    """Record what it is called from a day on; sent twice, it is one.

    Raises ValidationError, by field, for a day or a name that cannot be.
    """
    organization = _locked(organization)
    new = {"short_name": short_name, "official_name": official_name}
    if organization.names.filter(valid_from=valid_from, **new).exists():
        return organization
    then, today = names_on(valid_from), timezone.localdate()
    old = {"short_name": then.short(organization), "official_name": then.official(organization)}
    _refuse_wrong_name(organization, new, old)
    _refuse_wrong_day(organization, valid_from, today)
    if not organization.names.exists():
        OrganizationName.objects.create(organization=organization, **old)
    organization.names.create(valid_from=valid_from, source=source, **new)
    names = names_on(today)
    organization.short_name, organization.official_name = (
        names.short(organization),
        names.official(organization),
    )
    organization.save(update_fields=["short_name", "official_name"])
    record(
        "rename",
        organization,
        by=by,
        details={"valid_from": valid_from.isoformat()},
        changes=changes_between(old, new),
        reason=source,
    )
    return organization


def _refuse_wrong_name(
    organization: Organization, new: Mapping[str, str], old: Mapping[str, str]
) -> None:
    present = snapshot_of(organization, new)
    if new in (present, old):
        raise ValidationError({"short_name": _("It is called this already.")})


def _refuse_wrong_day(organization: Organization, day: date, today: date) -> None:
    if day > today:
        raise ValidationError({"valid_from": _("A name is recorded once it counts, not before.")})
    if organization.names.filter(valid_from=day).exists():
        raise ValidationError({"valid_from": _("A name already begins on this day.")})


@transaction.atomic
def add_alias(
    organization: Organization, *, alias: str, source: str, by: "User"
) -> OrganizationAlias:
    organization = _locked(organization)
    added = OrganizationAlias(organization=organization, alias=alias, source=source)
    _save_new(added)
    record("change", organization, by=by, changes={"aliases": (None, alias)}, reason=source)
    return added


@transaction.atomic
def remove_alias(alias: OrganizationAlias, *, by: "User") -> None:
    record("change", alias.organization, by=by, changes={"aliases": (alias.alias, None)})
    alias.delete()


@transaction.atomic
def archive_organization(organization: Organization, *, reason: str, by: "User") -> None:
    """Take an organisation out of use; all that refers to it stays as it is."""
    organization = _locked(organization)
    if organization.is_archived:
        raise Refused(_("“%(record)s” is in the archive already.") % {"record": organization})
    _change(organization, {"is_archived": True}, by=by, verb="archive", reason=reason)


@transaction.atomic
def restore_organization(organization: Organization, *, reason: str, by: "User") -> None:
    organization = _locked(organization)
    if not organization.is_archived:
        raise Refused(_("“%(record)s” is not in the archive.") % {"record": organization})
    _change(organization, {"is_archived": False}, by=by, verb="restore", reason=reason)


@transaction.atomic
def delete_organization(organization: Organization, *, by: "User") -> bool:
    """Delete what nothing refers to and return True; archive what has a history, return False."""
    organization = _locked(organization)
    if organization.names.exists() or is_in_use(organization):
        archive_organization(organization, reason="", by=by)
        return False
    record("delete", organization, by=by)
    organization.delete()
    return True


def _locked(organization: Organization) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


# --- the row and its line in the trail -------------------------------------------------------


def _add(thing: models.Model, values: Mapping[str, Any], *, by: "User") -> None:
    _save_new(thing)
    said = {name: value for name, value in snapshot_of(thing, values).items() if value}
    record("add", thing, by=by, changes=changes_between({}, said))


def _save_new(thing: models.Model) -> None:
    """Save a row whose form was right; whoever sends the same at the same moment is told."""
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise Refused(_("Somebody added the same a moment ago. Look at it first.")) from error


def _change(
    thing: models.Model,
    values: Mapping[str, Any],
    *,
    by: "User",
    verb: str = "change",
    reason: str = "",
) -> None:
    before = snapshot_of(thing, values)
    for name, value in values.items():
        setattr(thing, name, value)
    changes = changes_between(before, snapshot_of(thing, values))
    if changes:
        thing.save(update_fields=list(changes))
        record(verb, thing, by=by, changes=changes, reason=reason)
