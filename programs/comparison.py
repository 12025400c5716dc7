"""Two days side by side, and which programmes moved a dimension between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from programs import scoring
from programs.figures import Achieved, DimensionFigures, YearFigures


@dataclass(frozen=True)
class Side:
    """One line of the comparison: what it was, what it is, and the difference in points."""

    key: int
    code: str
    name: str
    before: Achieved
    after: Achieved

    @property
    def points(self) -> Decimal | None:
        return scoring.deviation(self.after.percent, self.before.percent)


def compare_dimensions(before: YearFigures, after: YearFigures) -> list[Side]:
    """Return each dimension on both days; the order is the same on both sides."""
    return [
        Side(new.key, new.code, new.name, old.achieved, new.achieved)
        for old, new in zip(before.dimensions, after.dimensions, strict=True)
    ]


def compare_programs(before: DimensionFigures, after: DimensionFigures) -> list[Side]:
    old = {one.key: one.achieved for one in before.programs}
    return [
        Side(one.key, one.code, one.title, old.get(one.key, Achieved(None)), one.achieved)
        for one in after.programs
    ]


def movements(before: DimensionFigures, after: DimensionFigures) -> list[tuple[str, Decimal]]:
    """Return (label, points) of what moved the dimension's mean; they add up to its change."""
    names = {one.key: f"{one.code} {one.title}" for one in after.programs}
    moved = scoring.waterfall(
        {one.key: one.achieved.percent for one in before.programs},
        {one.key: one.achieved.percent for one in after.programs},
        _weights(after),
        weights_before=_weights(before),
    )
    return [
        (
            names[one.key]
            if one.key is not None
            else _("programmes no longer rated, or other weights"),
            one.points,
        )
        for one in moved
    ]


def _weights(figures: DimensionFigures) -> Mapping[int, Decimal] | None:
    return {one.key: one.weight for one in figures.programs if one.weight is not None} or None
