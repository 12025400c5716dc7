"""What happens to the rules of the figures: class tables, scoring methods, weights.

Rules count from a year on. A decision never rewrites an earlier year, and every year it touches
is counted anew before it is recorded.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from ambon_smartcity.templatetags.portal import number
from audit.services import changes_between, record, snapshot_of
from dimensions.models import Dimension, Masterplan
from programs import scoring
from programs.models import (
    Indicator,
    PerformanceBand,
    PerformanceScale,
    Program,
    ProgressEntry,
    ScoringMethod,
    Weight,
    WeightSet,
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
    masterplan = _locked(masterplan)
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
    _recount_from(masterplan, year)
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


# --- weights ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Child:
    """What weighs in its parent: a line's words, and whether it has gone to the archive."""

    key: int
    label: str
    note: str = ""
    is_archived: bool = False


@dataclass(frozen=True)
class Weighed:
    """What has weights: a programme, a dimension of a masterplan, or else the masterplan."""

    masterplan: Masterplan
    program: Program | None = None
    dimension: Dimension | None = None

    def __str__(self) -> str:
        return str(self.program or self.dimension or self.masterplan)

    @property
    def child_field(self) -> str:
        if self.program is not None:
            return "indicator"
        return "dimension" if self.dimension is None else "program"

    def sets(self) -> QuerySet[WeightSet]:
        return WeightSet.objects.filter(
            masterplan=self.masterplan, program=self.program, dimension=self.dimension
        ).prefetch_related("weights")

    def set_of(self, year: int) -> WeightSet | None:
        """Return the set that counts in a year, if there is one."""
        return self.sets().filter(from_year__lte=year).last()

    def children(self) -> list[Child]:
        if self.program is not None:
            return _indicators_of(self.program)
        if self.dimension is None:
            return [Child(one.pk, str(one)) for one in Dimension.objects.all()]
        programs = Program.objects.filter(
            masterplan=self.masterplan, sub_dimension__dimension=self.dimension
        ).order_by("code")
        return [Child(one.pk, str(one), is_archived=bool(one.archived_on)) for one in programs]


def _indicators_of(program: Program) -> list[Child]:
    """Return the indicators of every activity that ever runs under it, with those years."""
    rows = (
        Indicator.objects.filter(activity__years__program=program)
        .annotate(
            first=Min("activity__years__fiscal_year"), last=Max("activity__years__fiscal_year")
        )
        .order_by("code")
    )
    return [
        Child(one.pk, str(one), _years(one.first, one.last), is_archived=bool(one.archived_on))
        for one in rows
    ]


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def weights_of(weight_set: WeightSet | None) -> dict[int, Decimal]:
    """Return child key -> percent; empty means the plain mean."""
    if weight_set is None:
        return {}
    weights = weight_set.weights.all()
    return {one.child_id: one.percent for one in weights if one.child_id is not None}


@transaction.atomic
def set_weights(
    weighed: Weighed, weights: Mapping[int, Decimal], *, from_year: int, reason: str, by: User
) -> WeightSet:
    """Weigh the children from `from_year` on; no weights at all: by the plain mean again."""
    masterplan = _locked(weighed.masterplan)
    if weights:
        _refuse_unless_whole(weights)
    until_now = weighed.set_of(from_year)
    before = weights_of(until_now)
    if until_now is not None and (until_now.from_year, until_now.reason, before) == (
        from_year,
        reason,
        dict(weights),
    ):
        return until_now
    made = WeightSet.objects.create(
        masterplan=masterplan,
        program=weighed.program,
        dimension=weighed.dimension,
        from_year=from_year,
        reason=reason,
        decided_on=timezone.localdate(),
    )
    Weight.objects.bulk_create(
        Weight(weight_set=made, percent=percent, **{f"{weighed.child_field}_id": key})
        for key, percent in weights.items()
    )
    _recount_from(masterplan, from_year)
    labels = {one.key: one.label for one in weighed.children()}
    changes = changes_between(_labelled(before, labels), _labelled(weights, labels))
    record("set_weights", made, by=by, changes=changes, reason=reason)
    return made


def _labelled(weights: Mapping[int, Decimal], labels: Mapping[int, str]) -> dict[str, Decimal]:
    return {labels.get(key, str(key)): percent for key, percent in weights.items()}


def _refuse_unless_whole(weights: Mapping[int, Decimal]) -> None:
    try:
        scoring.refuse_unless_whole(weights.values())
    except scoring.WeightsNotWhole as error:
        raise ValidationError(
            _("The weights total %(total)s %%, they must total exactly 100 %%.")
            % {"total": number(error.total)}
        ) from error


# --- both ------------------------------------------------------------------------------------


def _locked(masterplan: Masterplan) -> Masterplan:
    """Queue decisions on one masterplan; its key stays free for the rows a report writes."""
    return Masterplan.objects.select_for_update(no_key=True).get(pk=masterplan.pk)


def _recount_from(masterplan: Masterplan, from_year: int) -> None:
    for year in years_of(masterplan):
        if year >= from_year:
            recount(masterplan, year)
