"""Charts of programmes' figures; the pages put a table beside each and a sentence under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ambon_smartcity.charts import Bar, Line, Step, bar_chart, line_chart, waterfall_chart
from ambon_smartcity.templatetags.portal import number, percent, points
from programs.figures import Achieved, Progress
from programs.models import ROMAN
from programs.readings import QUARTERS


@dataclass(frozen=True)
class Chart:
    """A picture and the title that says what it shows."""

    title: str
    svg: SafeString


def ranking_chart(title: str, rows: Sequence[tuple[str, Achieved, str]]) -> Chart:
    """Draw one bar for each (label, achievement, dimension code)."""
    svg = bar_chart(
        title=title,
        bars=[Bar(label, one.percent, percent(one.percent), code) for label, one, code in rows],
        full_scale=100,
    )
    return Chart(title, svg)


def trend_chart(title: str, values: Mapping[int, Decimal | None], *, dimension: str = "") -> Chart:
    """Draw achievements in percent over the years."""
    line = Line(
        _("Achievement"),
        list(values.values()),
        [percent(one) for one in values.values()],
        dimension,
    )
    svg = line_chart(
        title=title, labels=[str(year) for year in values], series=[line], full_scale=100
    )
    return Chart(title, svg)


def target_chart(
    title: str,
    years: Sequence[int],
    targets: Sequence[Decimal | None],
    actuals: Sequence[Decimal | None],
    unit: str,
) -> Chart:
    """Draw an indicator's targets (dashed) and actual values over the years."""
    svg = line_chart(
        title=title,
        labels=[str(year) for year in years],
        series=[
            Line(_("Target"), targets, [number(one) for one in targets], is_dashed=True),
            Line(_("Actual"), actuals, [number(one) for one in actuals]),
        ],
        unit=unit,
    )
    return Chart(title, svg)


def curve_chart(title: str, progress: Progress) -> Chart:
    """Draw an activity's planned S-curve (dashed) and where it stood at each quarter's end."""
    svg = line_chart(
        title=title,
        labels=[_("Q%(quarter)s") % {"quarter": ROMAN[quarter]} for quarter in QUARTERS],
        series=[
            Line(
                _("Plan"),
                progress.planned,
                [percent(one) for one in progress.planned],
                is_dashed=True,
            ),
            Line(_("Actual"), progress.actual, [percent(one) for one in progress.actual]),
        ],
        full_scale=100,
        unit="%",
    )
    return Chart(title, svg)


def movement_chart(
    title: str,
    before: Achieved,
    after: Achieved,
    moved: Sequence[tuple[str, Decimal]],
    labels: tuple[str, str],
) -> Chart:
    """Draw the way from one mean to the other, a step for each programme that moved it."""
    svg = waterfall_chart(
        title=title,
        start=Bar(labels[0], before.percent, percent(before.percent)),
        steps=[Step(label, step, points(step)) for label, step in moved],
        end=Bar(labels[1], after.percent, percent(after.percent)),
    )
    return Chart(title, svg)
