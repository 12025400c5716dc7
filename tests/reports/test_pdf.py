"""The PDF as its reader gets it."""

import io
import socket
import subprocess
import sys
from datetime import datetime, timezone
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from evaluations.models import DimensionEvaluation, Meeting
from programs.models import Indicator, Program
from reports import pdf
from reports.contents import collect

AT = datetime(2024, 6, 5, 1, 30, tzinfo=timezone.utc)  # noqa: UP017


def made(meeting: Meeting) -> bytes:
    return pdf.render_pdf(pdf.report_html(collect(meeting, at=AT), number=1))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_report_says_what_it_must_in_indonesian(meeting: Meeting) -> None:
    content = made(meeting)

    text = text_of(content)
    pages = pdf.page_count(content)
    for fact in (
        "PEMERINTAH KOTA AMBON", "Laporan Evaluasi", "Selasa, 4 Juni 2024", "Balai Kota",
        "Smart SL", "Smart SS", "87,50%", "60,00%", "Rp 1.250.000.000", "Rp 1.000.000.000",
        "80,00%", "Tinggi", "Rendah", "3,10", "Lanjut.", "Cukup.", "5 Juni 2024, 10.30 WIT",
        f"Halaman 1 dari {pages}", f"Halaman {pages} dari {pages}",
        "belum ditandatangani secara elektronik",
    ):  # fmt: skip
        assert fact in text, fact
    assert "DATA CONTOH" not in text


def test_demo_data_are_marked_on_every_page(meeting: Meeting) -> None:
    Program.objects.update(is_demo=True)

    reader = PdfReader(io.BytesIO(made(meeting)))

    assert all("DATA CONTOH" in page.extract_text() for page in reader.pages)


def test_the_file_is_tagged_titled_indonesian_and_carries_only_inter(meeting: Meeting) -> None:
    with pikepdf.open(io.BytesIO(made(meeting))) as document:
        assert str(document.Root.Lang) == "id"
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert "Laporan Evaluasi" in metadata["dc:title"]
        fonts = {
            str(thing.FontName)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        }
    assert fonts
    assert all("Inter" in name for name in fonts), fonts


def test_equal_html_gives_equal_bytes_in_another_process(meeting: Meeting) -> None:
    html = pdf.report_html(collect(meeting, at=AT), number=1)
    program = (
        "import sys, hashlib, django; django.setup(); from reports.pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(sys.stdin.read())).hexdigest())"
    )

    hashes = {
        subprocess.run(
            [sys.executable, "-c", program], input=html, capture_output=True, text=True, check=True,
            env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip

    assert len(hashes) == 1


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{{7*7}}",
    '<img src="file:///etc/passwd">',
    "كلمة é 漢",
    "x" * 500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "template", "file", "arabic", "long"])
def test_whatever_people_type_is_printed_as_they_typed_it(meeting: Meeting, text: str) -> None:
    DimensionEvaluation.objects.update(recommendation=text)

    printed = "".join(text_of(made(meeting)).split())

    wanted = text if text.isascii() else "é"
    assert "".join(wanted.split()) in printed.replace("\u00ad", "")
    assert "root:x:0" not in printed


def test_nothing_leaves_the_machine_because_of_what_was_typed(meeting: Meeting) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        hostile = f'"><img src="{address}"><link rel=stylesheet href="{address}">'
        DimensionEvaluation.objects.update(comment=hostile)
        Program.objects.update(title=hostile)
        Indicator.objects.update(name=f"url({address})")

        made(meeting)
        pdf.render_pdf(f'<html lang="id"><title>x</title><img alt="x" src="{address}"></html>')

        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://ambon.go.id/",
        "file:///etc/passwd",
        "portal:/../manage.py",
        "portal:/../../etc/passwd",
        "portal:/fonts",
        "data:text/plain,x",
    ],
)
def test_the_fetcher_knows_only_the_portals_own_assets(url: str) -> None:
    with pytest.raises(pdf.ForeignAddress):
        pdf.OwnAssetsFetcher().fetch(url)


def test_the_fetcher_serves_the_portals_fonts() -> None:
    answer: Any = pdf.OwnAssetsFetcher().fetch("portal:/fonts/inter-regular.woff2")

    assert answer.read().startswith(b"wOF2")
