"""The portal's main job, walked by its people: from an activity to the downloaded report."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, SignInAs, accessibility_faults, overflow, photo

pytestmark = pytest.mark.browser

MEETING = "/rapat/rakor-tahap-i-2024/"
REASON = "Lampirkan foto ruang rekam medis dan periksa realisasi anggaran."
RECOMMENDATION = "Lengkapi rekam medis elektronik di semua puskesmas sebelum akhir tahun."


def test_the_chain_from_an_activity_to_the_downloaded_report(
    browse: SignInAs, tmp_path: Path
) -> None:
    head = browse("opd.dinkes", viewport=PHONE)
    secretary = browse("sekretariat")
    member = browse("dewan1")

    hand_in(head, spent="Rp 410.000.000", photo=photo(tmp_path))
    send_back(secretary)
    correct(head, spent="Rp 225.000.000")
    verify(secretary)
    evaluate(member)
    make_report(secretary)
    publish(secretary)
    report = download(member, tmp_path)

    text = text_of(report)
    for fact in ("DATA CONTOH", "Selasa, 4 Juni 2024", RECOMMENDATION, "Halaman 1 dari"):
        assert fact in text
    for figure in figures_on(member):
        assert figure in text


def hand_in(head: Page, *, spent: str, photo: Path) -> None:
    head.goto("/")
    expect(head.get_by_role("heading", name="Yang perlu saya laporkan")).to_be_visible()
    look(head)
    head.get_by_role("link", name=re.compile("^Isi SL")).click()
    look(head)
    head.get_by_label("Progres fisik sejak Januari").fill("22,5")
    head.get_by_label("Realisasi anggaran sejak Januari").fill(spent)
    head.get_by_label("Puskesmas memakai rekam medis elektronik").fill("19")
    head.get_by_role("textbox", name="Kendala").fill("Jaringan di dua puskesmas sering putus.")
    head.get_by_role("textbox", name="Tindak lanjut").fill(
        "Pengadaan jalur cadangan, paling lambat Juni."
    )
    head.get_by_label("Foto atau berkas PDF").set_input_files(photo)
    head.get_by_role("button", name="Periksa dan ajukan").click()
    expect(head.get_by_text("22,5", exact=True)).to_be_visible()
    look(head)
    head.get_by_role("button", name="Ajukan").click()
    expect(head.locator(".toasts")).to_contain_text("sudah diajukan")


def send_back(secretary: Page) -> None:
    open_from_queue(secretary)
    expect(secretary.get_by_text("410.000.000")).to_be_visible()
    look(secretary)
    secretary.get_by_label("Alasan pengembalian").fill(REASON)
    secretary.get_by_role("button", name="Kembalikan dengan alasan ini").click()
    expect(secretary.locator(".toasts")).to_contain_text("dikembalikan ke OPD")


def correct(head: Page, *, spent: str) -> None:
    head.goto("/")
    expect(head.get_by_text(REASON)).to_be_visible()
    head.get_by_role("link", name=re.compile("^Lanjutkan")).first.click()
    expect(head.get_by_text(REASON)).to_be_visible()
    assert head.get_by_label("Progres fisik sejak Januari").input_value() == "22,5"
    head.get_by_label("Realisasi anggaran sejak Januari").fill(spent)
    head.get_by_role("button", name="Periksa dan ajukan").click()
    head.get_by_role("button", name="Ajukan").click()
    expect(head.locator(".toasts")).to_contain_text("sudah diajukan")


def verify(secretary: Page) -> None:
    open_from_queue(secretary)
    changed = secretary.locator("tr.is-changed")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("225.000.000")
    secretary.get_by_role("button", name="Verifikasi").click()
    expect(secretary.locator(".toasts")).to_contain_text("terverifikasi.")


def open_from_queue(secretary: Page) -> None:
    secretary.goto("/verifikasi/")
    secretary.locator("li", has_text="Dinkes").get_by_role("link").click()


def evaluate(member: Page) -> None:
    member.goto(MEETING)
    look(member)
    member.get_by_role("link", name="Nilai Smart Living").click()
    look(member)
    for criterion in member.locator("fieldset").all():
        criterion.get_by_role("radio", name="3 – Baik").check()
    member.get_by_role("textbox", name="Komentar").fill("Layanan membaik, jaringan masih lemah.")
    member.get_by_role("textbox", name="Rekomendasi").fill(RECOMMENDATION)
    member.get_by_role("button", name="Ajukan").click()
    expect(member.locator(".toasts")).to_contain_text("Evaluasi Anda untuk Smart Living")


def make_report(secretary: Page) -> None:
    """Press the button and watch the page move by itself until the report is there."""
    secretary.goto(MEETING)
    secretary.get_by_role("button", name="Buat laporan").click()
    expect(secretary.locator("#job")).to_be_visible()
    expect(secretary.get_by_role("heading", name="Laporan siap")).to_be_visible(timeout=30_000)
    look(secretary)


def publish(secretary: Page) -> None:
    secretary.get_by_role("button", name="Terbitkan").click()
    expect(secretary.locator(".toasts")).to_contain_text("sudah terbit")
    look(secretary)


def download(member: Page, folder: Path) -> Path:
    member.goto("/")
    look(member)
    with member.expect_download() as download:
        member.get_by_role("link", name=re.compile("^Unduh PDF")).first.click()
    path = folder / "laporan.pdf"
    download.value.save_as(path)
    return path


def look(page: Page) -> None:
    """Whatever page the journey passes is usable by everybody and fits its window."""
    assert accessibility_faults(page) == []
    assert overflow(page) <= 0


def figures_on(page: Page) -> list[str]:
    """Return every number of the meeting page's table by dimension."""
    page.goto(MEETING)
    cells = page.locator("table td.num").all()
    return [cell.inner_text().splitlines()[0] for cell in cells]  # without “explain this number”


def text_of(report: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(report).pages)
