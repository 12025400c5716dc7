"""Charts of a meeting's figures, the same in the page and in the report."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ambon_smartcity.charts import Bar, bar_chart
from ambon_smartcity.templatetags.portal import percent
from programs.figures import YearFigures
from programs.overview import StoredYear


def achievement_chart(figures: YearFigures | StoredYear) -> SafeString:
    """Draw one bar a dimension, in the dimension's colour."""
    return bar_chart(
        title=_("Achievement by dimension, %(year)d") % {"year": figures.year},
        bars=[
            Bar(one.name, one.achieved.percent, percent(one.achieved.percent), one.code)
            for one in figures.dimensions
        ],
        full_scale=100,
    )
