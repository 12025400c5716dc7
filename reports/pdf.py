"""From contents to PDF. The only module that knows WeasyPrint, and it cannot reach any network."""

import gc
import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from PIL import ImageFile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from evaluations.charts import achievement_chart
from programs.explain import explain_city, explain_city_by_dimension
from reports.annex import explained_programs, rules_of
from reports.contents import ReportContents

# WeasyPrint lets Pillow take half a picture in the whole process; evidence must be whole.
ImageFile.LOAD_TRUNCATED_IMAGES = False

ASSET_SCHEME = "portal:"
PAGE_LINE = re.compile(r"Page (\d+)")

# Told how many pages the layout has reached.
Progress = Callable[[int], None]


class ForeignAddress(ValueError):
    """The document asked for something that is not one of the portal's own assets."""


class OwnAssetsFetcher(URLFetcher):
    """Serves files of the portal's `static` folder and nothing else, whatever a text asks for."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=[])

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        if not url.startswith(ASSET_SCHEME):
            raise ForeignAddress(url)
        root = (settings.BASE_DIR / "static").resolve()
        path = (root / url.removeprefix(ASSET_SCHEME).lstrip("/")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise ForeignAddress(url)
        return URLFetcherResponse(url, path.read_bytes())


def report_html(contents: ReportContents, *, number: int | None = None) -> str:
    """Return the report as one HTML document, in Indonesian whatever the asker reads."""
    with translation.override("id"):
        return render_to_string(
            "reports/pdf/meeting_report.html",
            {
                "contents": contents,
                "meeting": contents.meeting,
                "figures": contents.figures,
                "method": contents.method,
                "number": number,
                "chart": achievement_chart(contents.figures),
                "explained": list(explained_programs(contents.figures, contents.method)),
                "city": explain_city(contents.figures, rules_of(contents.method)),
                "by_dimension": explain_city_by_dimension(
                    contents.figures, rules_of(contents.method)
                ),
            },
        )


def render_pdf(html: str, *, progress: Progress | None = None) -> bytes:
    """Return the PDF/A-3a bytes; equal HTML gives equal bytes."""
    fetcher = OwnAssetsFetcher()
    with _reporting(progress), _without_collector():
        document = weasyprint.HTML(string=html, base_url=ASSET_SCHEME, url_fetcher=fetcher)
        pdf = document.write_pdf(
            font_config=_fonts(),
            stylesheets=[_stylesheet()],
            pdf_variant="pdf/a-3a",
            pdf_identifier=b"ambon-smart-city",
        )
    return bytes(pdf)


def page_count(pdf: bytes) -> int:
    """Return the number of pages, read from the finished file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet() -> Any:
    path: Path = settings.BASE_DIR / "static" / "reports" / "report.css"
    return weasyprint.CSS(
        string=path.read_text(),
        base_url=ASSET_SCHEME,
        url_fetcher=OwnAssetsFetcher(),
        font_config=_fonts(),
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Switch the garbage collector off while rendering: measured a fifth faster."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


@contextmanager
def _reporting(progress: Progress | None) -> Iterator[None]:
    """Pass each laid-out page on; an exception raised by `progress` stops the render in place."""
    if progress is None:
        yield
        return
    log = logging.getLogger("weasyprint.progress")
    handler = _PageHandler(progress)
    level, propagate = log.level, log.propagate
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate


class _PageHandler(logging.Handler):
    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        page = PAGE_LINE.search(record.getMessage())
        self.progress(int(page.group(1)) if page else 0)
