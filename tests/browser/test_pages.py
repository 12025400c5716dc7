"""What must hold on every page: no script needed, light, accessible, inside the window."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    DESK,
    PHONE,
    SignInAs,
    accessibility_faults,
    overflow,
    sign_in,
)
from tests.process.portal import Portal

pytestmark = pytest.mark.browser

MEETING = "/rapat/rakor-tahap-i-2024/"
NOWHERE = "/tidak-ada/"
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
    ("dewan3", NOWHERE),
]
FIGURE_PAGES = [
    ("dewan1", "/capaian/"),
    ("dewan1", "/capaian/?pada=2023-08-01"),
    ("dewan1", "/capaian/dimensi/SB/"),
    ("dewan1", "/capaian/banding/"),
    ("dewan1", "/capaian/banding/?tahun=2023&dari=2023-06-30&sampai=2024-02-01"),
    ("dewan1", "/program/?tahun=2023&dimensi=SB&lampu=red"),
    ("dewan1", "/program/{program}/"),
    ("dewan1", "/kegiatan/{activity}/?tahun=2023"),
    ("dewan1", "/indikator/{indicator}/?tahun=2024"),
    ("dewan1", "/organisasi/"),
    ("dewan1", "/organisasi/disparbud/"),
    ("dewan1", "/pelaporan/?tahun=2024"),
    ("dewan1", "/pelaporan/?semua=1"),
    ("dewan1", "/angka/indicator/{indicator}/2024/"),
    ("dewan1", "/angka/program/{program}/2023/"),
    ("dewan1", "/angka/dimension/{dimension}/2023/"),
    ("dewan1", "/angka/city/0/2023/"),
    ("dewan1", "/angka/city/0/2023/?pada=2023-08-01"),
    ("dewan1", "/angka/city-by-dimension/0/2023/"),
    ("sekretariat", "/program/"),
    ("sekretariat", "/program/{program}/"),
    ("sekretariat", "/kegiatan/{activity}/?tahun=2023"),
    ("sekretariat", "/indikator/{indicator}/?tahun=2024"),
    ("sekretariat", "/organisasi/disparbud/"),
    ("opd.disparbud", "/capaian/"),  # leads to the agency's own page
    ("opd.disparbud", "/program/"),
    ("opd.disparbud", "/pelaporan/"),
    ("opd.disparbud", "/program/{program}/"),
    ("opd.disparbud", "/angka/program/{program}/2023/"),
    ("opd.disparbud", "/angka/indicator/{indicator}/2024/"),
]
PLAN_PAGES = [
    "/rencana/",
    "/rencana/masterplan/baru/",
    "/rencana/masterplan/{masterplan}/",
    "/rencana/masterplan/{masterplan}/ubah/",
    "/rencana/masterplan/{masterplan}/revisi/",
    "/rencana/dimensi/",
    "/rencana/dimensi/SB/ubah/",
    "/rencana/organisasi/baru/",
    "/rencana/organisasi/disparbud/ubah/",
    "/rencana/organisasi/disparbud/nama/",
    "/rencana/organisasi/disparbud/alias/",
    "/rencana/organisasi/disparbud/arsip/",
    "/rencana/program/baru/",
    "/rencana/program/{program}/ubah/",
    "/rencana/program/{program}/akhir/",
    "/rencana/program/{program}/percepatan/",
    "/rencana/program/{program}/hapus/",
    "/rencana/program/{program}/kegiatan/baru/",
    "/rencana/kegiatan/{activity}/ubah/",
    "/rencana/kegiatan/{activity}/pindah/",
    "/rencana/kegiatan/{activity}/tahun/",
    "/rencana/kegiatan/{activity}/hapus/",
    "/rencana/kegiatan/{activity}/indikator/baru/",
    "/rencana/indikator/{indicator}/ubah/",
    "/rencana/indikator/{indicator}/target/",
    "/rencana/indikator/{indicator}/hapus/",
    "/rencana/metode/",
    "/rencana/metode/kelas/baru/",
    "/rencana/metode/{masterplan}/baru/",
    "/rencana/bobot/masterplan/{masterplan}/",
    "/rencana/bobot/dimension/{dimension}/?masterplan={masterplan}",
    "/rencana/bobot/program/{program}/",
]
WALK = [*PAGES, *FIGURE_PAGES, *(("sekretariat", path) for path in PLAN_PAGES)]
# What the addresses of the walk name, and behind which links it is found, one after the other:
# the programme SB-01, its indicator SB-01.1 (whose target of 2024 was revised) and its activity.
TRAILS = {
    "program": ["/program/", "SB-01 "],
    "indicator": ["/program/", "SB-01 ", "SB-01.1 "],
    "activity": ["/program/", "SB-01 ", "A-01 "],
    "masterplan": ["/rencana/", "Masterplan Smart City Kota Ambon"],
    "dimension": ["/rencana/metode/", "Smart Branding"],
}


@pytest.fixture(scope="module")
def keys(browser: Browser, demo: Portal) -> dict[str, str]:
    """Return the numbers in the demo's addresses, found by following its links."""
    with browser.new_context(base_url=demo.base_url, locale="id-ID") as context:
        page = context.new_page()
        sign_in(page, "sekretariat")
        return {name: follow(page, *trail) for name, trail in TRAILS.items()}


def follow(page: Page, address: str, *links: str) -> str:
    """Click each link by how its text begins; return the number in the last address."""
    page.goto(address)
    for link in links:
        page.locator("main").get_by_role("link", name=re.compile(f"^{re.escape(link)}")).click()
    found = re.search(r"/(\d+)/", page.url)
    assert found, page.url
    return found[1]


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("login", "path"), WALK)
def test_a_page_is_accessible_and_fits_its_window(
    browse: SignInAs,
    keys: dict[str, str],
    login: str | None,
    path: str,
    window: dict[str, int],
) -> None:
    page = browse(login, viewport=window)
    said = complaints(page)

    answer = page.goto(path.format(**keys))

    assert answer is not None
    if path != NOWHERE:
        assert answer.status == 200
        assert said == []
    assert accessibility_faults(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize(
    ("path", "field", "text"),
    [
        ("/rencana/kegiatan/{activity}/tahun/", "2024, TW IV: rencana fisik (%)", "abc"),
        ("/rencana/indikator/{indicator}/target/", "2024: target (ribu orang)", "140 kapal"),
        ("/rencana/metode/kelas/baru/", "Nama*", ""),
        ("/rencana/program/{program}/ubah/", "Judul*", ""),
    ],
)
def test_a_form_with_a_mistake_is_accessible_and_leads_to_it(
    browse: SignInAs, keys: dict[str, str], path: str, field: str, text: str
) -> None:
    page = browse("sekretariat", viewport=PHONE)
    page.goto(path.format(**keys))
    page.get_by_label(field, exact=True).fill(text)
    page.get_by_role("button", name="Simpan").click()

    mistakes = page.get_by_role("alert")
    expect(mistakes).to_be_visible()
    assert accessibility_faults(page) == []
    assert overflow(page) <= 0

    mistakes.get_by_role("link").first.click()
    expect(page.get_by_label(field, exact=True)).to_be_in_viewport()


def complaints(page: Page) -> list[str]:
    """Return a list that fills with what the browser's console complains about."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


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
