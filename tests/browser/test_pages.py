"""What must hold on every page: no script needed, light, accessible, inside the window."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, SignInAs, accessibility_faults, overflow

pytestmark = pytest.mark.browser

MEETING = "/rapat/rakor-tahap-i-2024/"
FIRST_VIEW_BYTES = 60 * 1024
PAGES = [
    (None, "/"),
    (None, "/akun/masuk/"),
    ("opd.disdik", "/"),
    ("opd.disdik", MEETING),
    ("operator.dinkes", "/"),
    ("sekretariat", "/"),
    ("sekretariat", "/verifikasi/"),
    ("sekretariat", MEETING),
    ("sekretariat", "/laporan/"),
    ("dewan2", "/"),
    ("dewan2", "/rapat/"),
    ("dewan2", MEETING),
    ("dewan2", f"{MEETING}dimensi/EN/"),
    ("dewan3", f"{MEETING}dimensi/EN/evaluasi/"),
    ("dewan3", "/tidak-ada/"),
]


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("login", "path"), PAGES)
def test_a_page_is_accessible_and_fits_its_window(
    browse: SignInAs, login: str | None, path: str, window: dict[str, int]
) -> None:
    page = browse(login, viewport=window)

    page.goto(path)

    assert accessibility_faults(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("path", ["/", "/akun/masuk/"])
def test_the_first_view_is_light_and_comes_from_the_portal_alone(
    browse: SignInAs, path: str
) -> None:
    page = browse()
    sizes = watch_transfers(page)

    page.goto(path, wait_until="networkidle")

    assert {url.split("/")[2] for url in sizes} == {page.url.split("/")[2]}
    assert sum(sizes.values()) <= FIRST_VIEW_BYTES


def test_the_entry_form_is_light_on_a_phone_that_has_nothing_yet(browse: SignInAs) -> None:
    page = browse("opd.disdik", viewport=PHONE)
    page.locator(".rows a.btn-primary").first.click()
    address = page.url
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    sizes = watch_transfers(page)

    page.goto(address, wait_until="networkidle")

    assert sum(sizes.values()) <= FIRST_VIEW_BYTES


def watch_transfers(page: Page) -> dict[str, int]:
    """Return a mapping that fills with url -> bytes on the wire while the page loads."""
    sizes: dict[str, int] = {}
    urls: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def requested(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        url = urls.get(event["requestId"], "")  # what began before is not counted
        if url.startswith("http"):
            sizes[url] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", requested)
    session.on("Network.loadingFinished", finished)
    return sizes


def test_the_whole_evaluation_works_without_javascript_and_by_keyboard(browse: SignInAs) -> None:
    page = browse("dewan3", java_script_enabled=False)
    page.goto(f"{MEETING}dimensi/SG/evaluasi/")

    for criterion in page.locator("fieldset").all():
        criterion.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
    page.get_by_role("textbox", name="Rekomendasi").focus()
    page.keyboard.type("Sambungkan semua layanan OPD.")
    page.get_by_role("button", name="Ajukan").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".toasts")).to_contain_text("Evaluasi Anda untuk Smart Governance")


def test_a_report_can_be_followed_by_reloading_where_no_script_runs(browse: SignInAs) -> None:
    page = browse("sekretariat", java_script_enabled=False)
    page.goto(MEETING)
    page.get_by_role("button", name="Buat laporan").click()

    for _ in range(60):
        if page.get_by_role("heading", name="Laporan siap").is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()

    expect(page.get_by_role("link", name="Unduh PDF")).to_be_visible()


def test_text_typed_into_an_expired_session_comes_back_after_signing_in(
    browse: SignInAs,
) -> None:
    page = browse("opd.dishub")
    page.locator(".rows a.btn-primary").first.click()
    page.get_by_role("textbox", name="Kendala").fill(
        "Kabel lampu lalu lintas dicuri di dua simpang."
    )
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Simpan draf").click()
    expect(page).to_have_url(re.compile("/akun/masuk/"))
    page.get_by_label("Nama pengguna").fill("opd.dishub")
    page.get_by_label("Kata sandi").fill("kota-musik-2024")
    page.locator("main").get_by_role("button", name="Masuk").click()

    expect(page.get_by_role("textbox", name="Kendala")).to_have_value(
        "Kabel lampu lalu lintas dicuri di dua simpang."
    )
    expect(page.locator(".toasts")).to_contain_text("belum tersimpan")
