"""What weighs how much in its parent: percentages that total 100, from one year on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.templatetags.portal import number
from audit.services import changes_between, record
from dimensions.models import Dimension, Masterplan
from programs import scoring
from programs.models import Indicator, Program, Weight, WeightSet
from programs.rules import locked_masterplan, recount_from


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
    masterplan = locked_masterplan(weighed.masterplan)
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
    recount_from(masterplan, from_year)
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
