"""The plan and its figures, walked on a phone without a script and, where it acts, by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, SignInAs, overflow, photo

pytestmark = pytest.mark.browser

YEAR = 2024
PHYSICAL = ("10", "35", "65", "100")
SPENDING = ("5", "30", "60", "95,5")


def test_the_secretariat_plans_a_programme_down_to_its_targets(browse: SignInAs) -> None:
    page = browse("sekretariat", viewport=PHONE, java_script_enabled=False)

    page.goto("/program/")
    press(page.get_by_role("link", name="Tambah program"))
    add_program(page)
    press(main(page).get_by_role("link", name="Tambah kegiatan"))
    add_activity(page)
    press(main(page).get_by_role("link", name="Ubah tahun dan anggaran"))
    plan_years(page)
    press(main(page).get_by_role("link", name="Tambah indikator"))
    add_indicator(page)
    press(main(page).get_by_role("link", name="Ubah target"))
    set_targets(page)

    see_it_on_the_programme(page)


def test_any_figure_leads_to_its_entry_and_evidence_in_four_clicks(
    browse: SignInAs, tmp_path: Path
) -> None:
    report_with_evidence(browse("opd.dinkes"), photo(tmp_path))
    verify(browse("sekretariat"))
    page = browse("dewan1", viewport=PHONE, java_script_enabled=False)
    page.goto(f"/capaian/?tahun={YEAR}")
    look(page)

    clicks = [
        main(page).locator(".figure a.explained").first,  # the city's own percentage
        explained(page, "SL-01 "),
        explained(page, "SL-01.1 "),
        main(page).get_by_role("link", name=re.compile("^Lihat")).last,
    ]
    for link in clicks:
        press(link)
        look(page)

    expect(page).to_have_url(re.compile(r"/entri/\d+/$"))
    expect(page.locator(".status--verified").first).to_be_visible()
    with page.expect_download() as download:
        main(page).get_by_role("link", name="puskesmas.jpg").click()
    assert download.value.suggested_filename.endswith(".jpg")


def report_with_evidence(head: Page, evidence: Path) -> None:
    """An agency reports a quarter with a photo that council members may see."""
    head.goto("/")
    head.get_by_role("link", name=re.compile("^Isi SL-01")).click()
    head.get_by_label("Progres fisik sejak Januari").fill("22,5")
    head.get_by_label("Realisasi anggaran sejak Januari").fill("225.000.000")
    head.get_by_label("Puskesmas memakai rekam medis elektronik").fill("19")
    head.get_by_label("Foto atau berkas PDF").set_input_files(evidence)
    head.get_by_label("Anggota dewan boleh melihat berkas ini").check()
    head.get_by_role("button", name="Periksa dan ajukan").click()
    head.get_by_role("button", name="Ajukan").click()
    expect(head.locator(".toasts")).to_contain_text("sudah diajukan")


def verify(secretary: Page) -> None:
    secretary.goto("/verifikasi/")
    secretary.locator("li", has_text="Dinkes").get_by_role("link").click()
    secretary.get_by_role("button", name="Verifikasi").click()
    expect(secretary.locator(".toasts")).to_contain_text("terverifikasi.")


def explained(page: Page, begins: str) -> Locator:
    """Return the link that explains the percentage of one row."""
    return row(page, begins).locator("a.explained").first


def add_program(page: Page) -> None:
    look(page)
    write(page, "Kode", "SL-09")
    write(page, "Judul", "Air Bersih Pesisir")
    choose(page, "Subdimensi", "SL.1")
    choose(page, "Penanggung jawab", "Dinkes")
    tick(page, "PRKP")
    choose(page, "Sumber judul", "contoh ilustrasi")
    save(page)
    expect(page.locator("h1")).to_have_text("SL-09 Air Bersih Pesisir")


def add_activity(page: Page) -> None:
    look(page)
    write(page, "Kode", "SL-09-01")
    write(page, "Judul", "Sambungan air di Nusaniwe")
    choose(page, "Penanggung jawab", "Dinkes")
    choose(page, "Sumber judul", "contoh ilustrasi")
    save(page)
    expect(page.locator("h1")).to_have_text("SL-09-01 Sambungan air di Nusaniwe")


def plan_years(page: Page) -> None:
    """Fill in one row of the grid; a mistake is named first, and all that was typed stays."""
    look(page)
    tick(page, f"Berjalan pada {YEAR}")
    write(page, f"{YEAR}: pagu (Rp)", "450.000.000")
    for quarter, percent in zip(("I", "II", "III"), PHYSICAL, strict=False):
        write(page, f"{YEAR}, TW {quarter}: rencana fisik (%)", percent)
    press(page.get_by_role("button", name="Simpan"))

    wrong = page.get_by_role("alert")
    expect(wrong).to_be_visible()
    look(page)
    press(wrong.get_by_role("link").first)
    expect(page.get_by_label(f"{YEAR}: pagu (Rp)", exact=True)).to_have_value(
        re.compile(r"^450\.?000\.?000$")
    )

    write(page, f"{YEAR}, TW IV: rencana fisik (%)", PHYSICAL[-1])
    for quarter, percent in zip(("I", "II", "III", "IV"), SPENDING, strict=True):
        write(page, f"{YEAR}, TW {quarter}: rencana keuangan (%)", percent)
    save(page)
    expect(page.get_by_role("cell", name="Rp 450.000.000")).to_be_attached()


def add_indicator(page: Page) -> None:
    look(page)
    write(page, "Kode", "SL-09-01-A")
    write(page, "Indikator", "Rumah tersambung air bersih")
    write(page, "Satuan", "rumah")
    choose(page, "Polaritas", "semakin tinggi semakin baik")
    choose(page, "Sifat akumulasi", "jumlah triwulan")
    write(page, "Definisi operasional", "Rumah yang meterannya menyala pada akhir triwulan.")
    save(page)
    expect(page.locator("h1")).to_have_text("SL-09-01-A Rumah tersambung air bersih")


def set_targets(page: Page) -> None:
    look(page)
    write(page, f"{YEAR}: target (rumah)", "120")
    for quarter in ("I", "II", "III", "IV"):
        write(page, f"{YEAR}: target TW {quarter} (rumah)", "30")
    save(page)
    expect(row(page, str(YEAR)).first).to_contain_text("120")


def see_it_on_the_programme(page: Page) -> None:
    press(main(page).locator(".crumb a"))
    press(main(page).locator(".crumb a"))
    expect(page.locator("h1")).to_have_text("SL-09 Air Bersih Pesisir")
    expect(row(page, "SL-09-01-A ")).to_contain_text("120")
    expect(main(page).get_by_role("link", name="SL-09-01 Sambungan air")).to_be_visible()
    history = page.locator("details.history")
    history.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(history.get_by_role("listitem").first).to_be_visible()
    expect(history).to_contain_text("Air Bersih Pesisir")
    look(page)


def main(page: Page) -> Locator:
    return page.locator("main")


def row(page: Page, begins: str) -> Locator:
    """Return the rows of the page's tables whose head begins with these letters."""
    head = page.locator("th[scope=row]", has_text=re.compile(rf"^\s*{re.escape(begins)}"))
    return page.locator("main tr").filter(has=head)


def write(page: Page, label: str, text: str) -> None:
    """Type into a field that is found by its label, as a screen reader's user finds it."""
    field = page.get_by_role("textbox", name=re.compile(rf"^{re.escape(label)}\*?$"))
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list by typing how the option begins."""
    field = page.get_by_role("combobox", name=re.compile(rf"^{re.escape(label)}\*?$"))
    field.focus()
    page.keyboard.type(option)
    expect(field.locator("option:checked")).to_have_text(re.compile(rf"^{re.escape(option)}"))


def tick(page: Page, label: str) -> None:
    page.get_by_role("checkbox", name=label, exact=True).focus()
    page.keyboard.press("Space")


def press(control: Locator) -> None:
    """Follow a link or push a button with the Enter key; only a real one takes the focus."""
    control.focus()
    expect(control).to_be_focused()
    with control.page.expect_navigation():
        control.page.keyboard.press("Enter")


def save(page: Page) -> None:
    press(page.get_by_role("button", name="Simpan"))
    expect(page.locator(".toasts")).to_contain_text("tersimpan")


def look(page: Page) -> None:
    """Every page passed fits the phone; axe, which is a script, walks them in test_pages.py."""
    assert overflow(page) <= 0
