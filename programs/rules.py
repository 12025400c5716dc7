"""What happens to the rules of the figures: class tables and scoring methods.

Rules count from a year on. A decision never rewrites an earlier year, and every year it touches
is counted anew before it is recorded.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.services import changes_between, record, snapshot_of
from dimensions.models import Masterplan
from programs import scoring
from programs.models import (
    PerformanceBand,
    PerformanceScale,
    ProgressEntry,
    ScoringMethod,
)
from programs.summaries import recount, years_of

METHOD_FIELDS = ("from_year", "scale", "cap", "yellow_below", "red_below", "source")


# --- class tables ----------------------------------------------------------------------------


@transaction.atomic
def add_scale(
    name: str, source: str, bands: Sequence[scoring.Band], *, by: User
) -> PerformanceScale:
    """Add a class table, or its next version where the name is taken; sent twice, it is one."""
    _refuse_repeated_codes(bands)
    try:
        wanted = scoring.Scale(name, tuple(sorted(bands, key=lambda one: -one.lower)))
    except scoring.ScaleError as error:
        raise ValidationError(why_refused(error, bands)) from error
    last = PerformanceScale.objects.filter(name=name).order_by("version").last()
    if last is not None and (last.as_scale(), last.source) == (wanted, source):
        return last
    scale = _save_scale(
        PerformanceScale(name=name, version=last.version + 1 if last else 1, source=source),
        wanted.bands,
    )
    record("add", scale, by=by, changes=_said(scale, wanted.bands))
    return scale


def _refuse_repeated_codes(bands: Sequence[scoring.Band]) -> None:
    code, times = Counter(one.code for one in bands).most_common(1)[0] if bands else ("", 0)
    if times > 1:
        raise ValidationError(_("Two classes have the code “%(code)s”.") % {"code": code})


def _save_scale(scale: PerformanceScale, bands: Sequence[scoring.Band]) -> PerformanceScale:
    try:
        with transaction.atomic():
            scale.save()
    except IntegrityError as error:
        raise Refused(_("Somebody added the same a moment ago. Look at it first.")) from error
    PerformanceBand.objects.bulk_create(
        PerformanceBand(
            scale=scale,
            code=one.code,
            letter=one.letter,
            label=one.label,
            lower=one.lower,
            upper=one.upper,
            tone=one.tone,
        )
        for one in bands
    )
    return scale


def _said(scale: PerformanceScale, bands: Iterable[scoring.Band]) -> dict[str, tuple[None, Any]]:
    said: dict[str, Any] = {"name": scale.name, "version": scale.version, "source": scale.source}
    for one in bands:
        upper = "+" if one.upper is None else f"–{one.upper}"
        said[f"{one.letter} {one.label}"] = f"{one.lower}{upper}"
    return {name: (None, value) for name, value in said.items()}


def why_refused(error: scoring.ScaleError, bands: Sequence[scoring.Band]) -> str:
    """Say in one sentence where a class table is broken."""
    if not bands:
        return _("Write at least one class.")
    if error.fault == "overlap":
        return _("%(at)d %% lies in two classes.") % {"at": error.at}
    if error.fault == "start":
        lowest = min(one.lower for one in bands)
        return _("The lowest class must start at 0 %%, not at %(at)d %%.") % {"at": lowest}
    if error.fault == "gap":
        return _why_a_gap(error.at, min(one.lower for one in bands if one.lower > error.at) - 1)
    if any(one.upper is not None and one.upper < one.lower for one in bands):
        return _("A class cannot end before it starts.")
    return _(
        "From %(at)d %% upward no class is defined. Leave the end of the best class empty."
    ) % {"at": error.at}


def _why_a_gap(first: int, last: int) -> str:
    if first == last:
        return _("At %(at)d %% no class is defined.") % {"at": first}
    return _("Between %(first)d %% and %(last)d %% no class is defined.") % {
        "first": first,
        "last": last,
    }


# --- scoring methods -------------------------------------------------------------------------


@transaction.atomic
def set_method(
    masterplan: Masterplan, values: Mapping[str, Any], *, reason: str, by: User
) -> ScoringMethod:
    """Score the masterplan by these rules from `from_year` on, until its next method."""
    masterplan = locked_masterplan(masterplan)
    year = values["from_year"]
    until_now = masterplan.methods.filter(from_year__lte=year).last()
    before = snapshot_of(until_now, METHOD_FIELDS) if until_now else {}
    is_there = until_now is not None and until_now.from_year == year
    method = until_now if until_now and is_there else ScoringMethod(masterplan=masterplan)
    for name in METHOD_FIELDS:
        setattr(method, name, values[name])
    changes = changes_between(before, snapshot_of(method, METHOD_FIELDS))
    if not changes:
        return method
    if is_there and has_scored_reports(method):
        raise ValidationError(
            {"from_year": _("The method of this year is already decided; choose a later year.")}
        )
    method.decided_on = timezone.localdate()
    method.save()
    recount_from(masterplan, year)
    record("set_method", method, by=by, changes=changes, reason=reason)
    return method


def has_scored_reports(method: ScoringMethod) -> bool:
    """Whether a verified entry counts in a year that this method scores."""
    entries = ProgressEntry.objects.filter(
        status=ProgressEntry.Status.VERIFIED,
        period__year__gte=method.from_year,
        activity__years__program__masterplan=method.masterplan_id,
        activity__years__fiscal_year=F("period__year"),
    )
    later = ScoringMethod.objects.filter(
        masterplan=method.masterplan_id, from_year__gt=method.from_year
    ).first()
    return (entries.filter(period__year__lt=later.from_year) if later else entries).exists()


def locked_masterplan(masterplan: Masterplan) -> Masterplan:
    """Queue decisions on one masterplan; its key stays free for the rows a report writes."""
    return Masterplan.objects.select_for_update(no_key=True).get(pk=masterplan.pk)


def recount_from(masterplan: Masterplan, from_year: int) -> None:
    for year in years_of(masterplan):
        if year >= from_year:
            recount(masterplan, year)
