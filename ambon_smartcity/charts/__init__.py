"""Charts as plain SVG, drawn on the server, the same in a page and in a PDF.

Only presentation attributes are used: WeasyPrint knows no page CSS inside inline SVG, and the
page's content policy allows no inline style. No element has an id: several charts share a page.
"""

from ambon_smartcity.charts.bars import Bar, bar_chart
from ambon_smartcity.charts.drawing import DIMENSION_COLOURS, INK, LINE, PAPER, QUIET, TRACK
from ambon_smartcity.charts.lines import Line, line_chart
from ambon_smartcity.charts.waterfall import Step, waterfall_chart

__all__ = [
    "DIMENSION_COLOURS",
    "INK",
    "LINE",
    "PAPER",
    "QUIET",
    "TRACK",
    "Bar",
    "Line",
    "Step",
    "bar_chart",
    "line_chart",
    "waterfall_chart",
]
