"""Take the README's pictures, and every main page at 360 and 1280 pixels, from a fresh demo portal.

Run it as `.venv/bin/python docs/screenshots.py [FOLDER]`; it needs Debian's chromium and
poppler-utils. Pictures for the README go to docs/images/, all others to FOLDER (default: a new
temporary folder, whose name is printed).
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PASSWORD = "kota-musik-2024"
SIZES = {"360": (360, 740), "1280": (1280, 800)}
FIRST_DIMENSION_PAGE = 2
MEETING = "/rapat/rakor-tahap-i-2024/"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PAGES = {
    "sekretariat": [
        "/",
        "/verifikasi/",
        "first:/verifikasi/",
        MEETING,
        "/laporan/",
        "/rencana/",
        "/rencana/metode/",
        "/kelola/",
    ],
    "opd.dinkes": ["/", "due:/", MEETING],
    "opd.disdik": ["/"],
    "operator.dinkes": ["/"],
    "dewan1": [
        "/",
        MEETING,
        f"{MEETING}dimensi/SL/",
        f"{MEETING}dimensi/SL/evaluasi/",
        "/capaian/",
        "/capaian/?tahun=2023&pada=2023-08-01",
        "/capaian/dimensi/SB/",
        "/capaian/banding/?tahun=2023&dari=2023-08-01&sampai=2024-06-04",
        "/program/",
        "/pelaporan/?semua=1",
        "/organisasi/disparbud/",
    ],
}


@contextmanager
def demo_portal() -> Iterator[str]:
    """Start the portal with the demo data on a free port; yield its address; leave nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        env = os.environ | {"PORT": str(port), "PORTAL_DATA_DIR": data}
        portal = subprocess.Popen([ROOT / "run"], env=env, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/healthz")
            yield address
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait(30)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/akun/masuk/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/")


def take_all(browser: Browser, address: str, folder: Path) -> None:
    for width, (across, down) in SIZES.items():
        for login, places in {"": ["/", "/akun/masuk/"], **PAGES}.items():
            context = browser.new_context(viewport={"width": across, "height": down}, locale="id")
            page = context.new_page()
            if login:
                sign_in(page, address, login)
            for number, place in enumerate(places):
                _open(page, address, place)
                name = f"{width}-{login or 'tamu'}-{number}.png"
                page.screenshot(path=folder / name, full_page=True)
            context.close()


def _open(page: Page, address: str, place: str) -> None:
    """Open an address, or the first thing to do on it ("first:", "due:")."""
    kind, _colon, path = place.partition(":")
    page.goto(address + (path or kind))
    if path:
        page.locator(".rows .btn-primary").first.click()
        page.wait_for_load_state()


def take_readme_pictures(browser: Browser, address: str, folder: Path) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 860}, locale="id").new_page()
    sign_in(page, address, "dewan1")
    page.goto(address + MEETING)
    page.screenshot(path=IMAGES / "meeting.png")
    page.goto(f"{address}/capaian/?tahun=2023")
    page.screenshot(path=IMAGES / "city.png")
    page.locator("#city-title ~ .figures .explained").first.click()
    page.screenshot(path=IMAGES / "explanation.png")
    page.context.clear_cookies()
    sign_in(page, address, "sekretariat")
    page.goto(address + MEETING)
    page.click("main .page-head button")
    page.screenshot(path=folder / "job-running.png")
    page.wait_for_selector("a:has-text('Unduh PDF')", timeout=60_000)
    page.screenshot(path=folder / "job-ready.png")
    with page.expect_download() as download:
        page.click("a:has-text('Unduh PDF')")
    for old in folder.glob("report-*.png"):
        old.unlink()
    report = folder / "report.pdf"
    download.value.save_as(report)
    pdftoppm = shutil.which("pdftoppm") or "pdftoppm"
    subprocess.run([pdftoppm, "-r", "70", "-png", report, folder / "report"], check=True)
    pages = sorted(folder.glob("report-*.png"))
    shutil.copy(pages[FIRST_DIMENSION_PAGE], IMAGES / "report-page.png")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="portal-"))
    folder.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo_portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        take_all(browser, address, folder)
        take_readme_pictures(browser, address, folder)
        browser.close()
    print(folder)


if __name__ == "__main__":
    main()
