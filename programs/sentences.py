"""One sentence under each chart that reads it out, composed from the same figures."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from ambon_smartcity.rounding import round_half_up
from ambon_smartcity.templatetags.portal import number, percent, points
from programs import scoring
from programs.figures import Achieved, Progress
from programs.models import ROMAN


def read_ranking(named: Sequence[tuple[str, Achieved]]) -> str:
    """Say which is highest and which is lowest."""
    rated = [(name, one.percent) for name, one in named if one.percent is not None]
    if not rated:
        return _("Nothing has been verified yet.")
    best = max(rated, key=lambda one: one[1])
    worst = min(rated, key=lambda one: one[1])
    if len(rated) == 1 or best[1] == worst[1]:
        return _("%(name)s reached %(percent)s.") % {"name": best[0], "percent": percent(best[1])}
    return _(
        "Highest is %(best)s with %(best_percent)s, lowest %(worst)s with %(worst_percent)s."
    ) % {
        "best": best[0],
        "best_percent": percent(best[1]),
        "worst": worst[0],
        "worst_percent": percent(worst[1]),
    }


def read_trend(years: Sequence[int], values: Sequence[Decimal | None]) -> str:
    """Say where a trend began, where it stands, and by how many points it moved."""
    known = [(year, value) for year, value in zip(years, values, strict=True) if value is not None]
    if not known:
        return _("No year has been verified yet.")
    (first, start), (last, end) = known[0], known[-1]
    if first == last:
        return _("Only %(year)d has been verified: %(percent)s.") % {
            "year": first,
            "percent": percent(start),
        }
    text = (
        _("From %(start)s in %(first)d it rose to %(end)s in %(last)d (%(points)s points).")
        if end > start
        else _("From %(start)s in %(first)d it fell to %(end)s in %(last)d (%(points)s points).")
        if end < start
        else _("It stood at %(end)s both in %(first)d and in %(last)d.")
    )
    return text % {
        "start": percent(start),
        "end": percent(end),
        "first": first,
        "last": last,
        "points": points(end - start),
    }


def read_curve(progress: Progress) -> str:
    """Say how far the work stands from its plan at the last reported quarter."""
    last = max((q for q, value in enumerate(progress.actual, 1) if value is not None), default=0)
    if not last:
        return _("No quarter of this year has been verified yet.")
    if progress.deviation is None:
        return _("At the end of Q%(quarter)s physical progress is %(actual)s; no plan was set.") % {
            "quarter": ROMAN[last],
            "actual": percent(progress.actual[last - 1]),
        }
    return _(
        "At the end of Q%(quarter)s physical progress is %(actual)s of a planned %(planned)s, "
        "a deviation of %(points)s points."
    ) % {
        "quarter": ROMAN[last],
        "actual": percent(progress.actual[last - 1]),
        "planned": percent(progress.planned[last - 1]),
        "points": points(progress.deviation),
    }


def read_forecast(forecast: scoring.Forecast | None) -> str:
    """Name the forecast and its assumption, or say why there is none."""
    if forecast is None:
        return _(
            "No forecast: it takes a plan, at least two verified quarters, and a year that is "
            "not over."
        )
    return _(
        "Forecast for the year's end: %(percent)s, if the work keeps its ratio to the plan of the "
        "%(quarters)d verified quarters (%(ratio)s)."
    ) % {
        "percent": percent(forecast.year_end),
        "quarters": forecast.quarters,
        "ratio": number(round_half_up(forecast.ratio, 2)),
    }


def read_waterfall(
    name: str, before: Decimal | None, after: Decimal | None, moved: Sequence[tuple[str, Decimal]]
) -> str:
    """Say by how much a mean moved and what moved it most."""
    if before is None or after is None:
        return _("One of the two days has no verified figures, so nothing can be compared.")
    if not moved:
        return _("%(name)s did not move: %(percent)s on both days.") % {
            "name": name,
            "percent": percent(after),
        }
    label, most = max(moved, key=lambda one: abs(one[1]))
    return _(
        "%(name)s moved by %(total)s points, from %(before)s to %(after)s; most of it by "
        "%(label)s (%(points)s)."
    ) % {
        "name": name,
        "total": points(after - before),
        "before": percent(before),
        "after": percent(after),
        "label": label,
        "points": points(most),
    }
