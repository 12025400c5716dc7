"""A real browser in front of a real portal with its demo data."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.demo import DEMO_PASSWORD
from tests.process.portal import Portal

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}

SignInAs = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("The browser tests need Debian's chromium: apt-get install chromium")
    return {"executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal with the demo data for each module: the journey closes its meeting."""
    portal = Portal("embedded", tmp_path_factory.mktemp("browser") / "data")
    try:
        portal.start()
        portal.wait_for_children()
        yield portal
    finally:
        portal.close()


@pytest.fixture
def browse(browser: Browser, demo: Portal) -> Iterator[SignInAs]:
    """Return a function that opens a browser window, signed in as somebody or as nobody."""
    windows: list[BrowserContext] = []

    def open_window(login: str | None = None, **options: Any) -> Page:
        context = browser.new_context(
            base_url=demo.base_url, locale="id-ID", **{"viewport": DESK, **options}
        )
        windows.append(context)
        page = context.new_page()
        if login is not None:
            sign_in(page, login)
        return page

    yield open_window
    for window in windows:
        window.close()


def sign_in(page: Page, login: str) -> None:
    page.goto("/akun/masuk/")
    page.get_by_label("Nama pengguna").fill(login)
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/")


AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"


def accessibility_faults(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA on the page as it stands."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    return [
        f"{page.url}: {fault['id']} {node['target']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def photo(folder: Path) -> Path:
    path = folder / "puskesmas.jpg"
    buffer = io.BytesIO()
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 50).convert("RGB").save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue())
    return path
