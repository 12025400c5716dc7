"""The PDF as its reader gets it."""

import io
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pikepdf
import pytest
from django.utils import translation
from pypdf import PdfReader

from ambon_smartcity.templatetags.portal import class_label, number, percent, rupiah, score
from evaluations.models import Attendance, Criterion, DimensionEvaluation, Meeting
from programs.figures import Achieved, DimensionFigures, Money, ProgramFigures
from programs.models import Activity, Indicator, Program
from reports import pdf
from reports.contents import ReportContents, collect
from tests import factories
from tests.conftest import Cast

AT = datetime(2024, 6, 5, 1, 30, tzinfo=timezone.utc)  # noqa: UP017


def made(meeting: Meeting) -> bytes:
    return pdf.render_pdf(pdf.report_html(collect(meeting, at=AT), number=1))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def squeezed(text: str) -> str:
    """Return the text without blanks, line ends and hyphens, which the layout puts into it."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


@pytest.fixture
def city(cast: Cast, meeting: Meeting) -> Meeting:
    """Add what a real year has: too much, too little, nothing reported, nothing planned."""
    period = factories.make_period()
    wanted: list[tuple[str, str, str | None, int | None, dict[str, Any]]] = [
        ("SG", "123.4567", "61.25", 311_111_111, {}),
        ("SG", "40", "97.5", 0, {"polarity": "minimize"}),
        ("SB", "7", "11.9", 322_222_222, {}),
        ("SE", "55", None, 333_333_333, {}),
        ("EN", "1250000", "1187500.5", 344_444_444, {"polarity": "stabilize"}),
    ]
    for place, (dimension, target, actual, spent, fields) in enumerate(wanted):
        activity = factories.make_activity(
            cast.agency, dimension=dimension, budget=1_345_678_901 + place, indicators=0
        )
        factories.make_indicator(activity, target=target, **fields)
        factories.make_entry(
            activity, period, status="verified", by=cast.head, verified_by=cast.secretary,
            actual=actual, spent=spent,
        )  # fmt: skip
    factories.make_activity(cast.agency, dimension="SE", budget=777_000_000)
    factories.make_evaluation(meeting, "EN", cast.member, scores=(4, 1))
    return meeting


# --- what it says ----------------------------------------------------------------------------


def test_the_report_says_what_it_must_in_indonesian(meeting: Meeting) -> None:
    content = made(meeting)

    text = text_of(content)
    assert content.startswith(b"%PDF")
    for fact in (
        "PEMERINTAH KOTA AMBON", "Laporan Evaluasi", "Smart SL", "Smart SS", "87,50%", "60,00%",
        "Rp 1.250.000.000", "Rp 1.000.000.000", "80,00%", "Tinggi", "Rendah", "3,10", "Lanjut.",
        "Cukup.", "5 Juni 2024, 10.30 WIT", "belum ditandatangani secara elektronik",
    ):  # fmt: skip
        assert fact in text, fact
    assert "DATA CONTOH" not in text


def test_it_states_the_facts_of_the_meeting(cast: Cast, meeting: Meeting) -> None:
    facts = {
        "title": "Rapat Koordinasi Tahap II",
        "stage": "II",
        "place": "Ruang Vlissingen",
        "organizer": "Diskominfo Kota Ambon",
        "opened_by": "Sekretaris Kota",
        "purpose": "Menilai pelaksanaan",
        "source": "Siaran pers 4 Juni",
    }
    Meeting.objects.update(**facts)
    for fields in (
        {"name": "Ibu Contoh", "position": "Kepala Bidang"},
        {"position": "Camat Sirimau"},
        {"organization": cast.rival_agency},
    ):
        Attendance.objects.create(meeting=meeting, group="host", **fields)

    text = squeezed(text_of(made(Meeting.objects.get())))

    present = "Ibu Contoh (Kepala Bidang); Camat Sirimau; Dinas Disdik"
    for fact in (*facts.values(), "Selasa, 4 Juni 2024", "tahun 2023", "Tahap II", present):
        assert squeezed(fact) in text, fact


def test_every_page_is_numbered_and_the_count_is_right(city: Meeting) -> None:
    content = made(city)

    pages = PdfReader(io.BytesIO(content)).pages
    assert pdf.page_count(content) == len(pages) >= 8
    for place, page in enumerate(pages, 1):
        assert f"Halaman {place} dari {len(pages)}" in page.extract_text()


def test_every_number_of_the_contents_is_printed_as_the_page_writes_it(city: Meeting) -> None:
    contents = collect(city, at=AT)

    text = squeezed(text_of(pdf.render_pdf(pdf.report_html(contents))))

    with translation.override("id"):
        rows = list(rows_of(contents))
    assert len(rows) > 40
    assert [row for row in rows if squeezed(row) not in text] == []
    for edge in ("170,00%", "0,00%", "61,25", "1.187.500,5", "123,4567", "95,00%"):
        assert edge in text, edge


def rows_of(contents: ReportContents) -> Iterator[str]:
    """Write each row of each table by itself, from the figures alone."""
    figures = contents.figures
    yield f"Kota (rata-rata program) {rated(figures.achieved)} {paid(figures.money)}"
    for chapter in contents.chapters:
        dimension = chapter.figures
        yield f"{dimension.name} {rated(dimension.achieved)} {paid(dimension.money)}"
        yield f"Jumlah {paid(dimension.money)}"
        yield from program_rows(dimension)
        if chapter.scores:
            for row in chapter.scores.criteria:
                yield f"{row.title} {number(row.weight)}% {score(row.mean_score)}"
            yield f"Nilai tertimbang {score(chapter.scores.score)}"


def program_rows(dimension: DimensionFigures) -> Iterator[str]:
    for program in dimension.programs:
        yield f"{heading(program)} ({program.owner}) {rated(program.achieved)}"
        yield f"{heading(program)} {paid(program.money)}"
        for one in program.indicators:
            yield (
                f"{one.code} {one.name} {one.unit} {number(one.target)} {number(one.actual)} "
                f"{rated(one.achieved)}"
            )


def heading(program: ProgramFigures) -> str:
    return f"{program.code} {program.title}"


def rated(achieved: Achieved) -> str:
    kind = achieved.performance_class
    return f"{percent(achieved.percent)} {class_label(kind)}"


def paid(money: Money) -> str:
    return f"{rupiah(money.budget)} {rupiah(money.spent)} {percent(money.absorption)}"


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_data_are_marked_on_every_page_and_real_data_on_none(
    meeting: Meeting, is_demo: bool
) -> None:
    Program.objects.update(is_demo=is_demo)

    pages = PdfReader(io.BytesIO(made(meeting))).pages

    assert {"DATA CONTOH" in page.extract_text() for page in pages} == {is_demo}


def test_the_report_is_indonesian_for_somebody_who_reads_english(meeting: Meeting) -> None:
    with translation.override("en"):
        html = pdf.report_html(collect(meeting, at=AT))

    assert "Selasa, 4 Juni 2024" in html
    assert "87,50%" in html
    assert "Evaluation report" not in html


# --- what kind of file it is -----------------------------------------------------------------


def test_the_file_is_tagged_titled_indonesian_and_calls_itself_pdf_a_3a(meeting: Meeting) -> None:
    with pikepdf.open(io.BytesIO(made(meeting))) as document:
        assert str(document.Root.Lang) == "id"
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.OutputIntents
        assert "Laporan Evaluasi" in str(document.docinfo["/Title"])
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert "Laporan Evaluasi" in metadata["dc:title"]


def test_every_font_is_inter_and_embedded(city: Meeting) -> None:
    with pikepdf.open(io.BytesIO(made(city))) as document:
        fonts = {
            str(thing.FontName): any(str(key).startswith("/FontFile") for key in list(thing))
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        }

    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Inter.*", name) for name in fonts), fonts
    assert all(fonts.values()), fonts


def test_tables_charts_and_pictures_can_be_heard(meeting: Meeting) -> None:
    with pikepdf.open(io.BytesIO(made(meeting))) as document:
        tags = [
            thing for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"
        ]  # fmt: skip
        kinds = {str(tag.S) for tag in tags}
        spoken = [str(tag.get("/Alt", "")) for tag in tags if str(tag.S) == "/Figure"]

    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= kinds
    assert len(spoken) == 2
    assert all(spoken)
    assert any("Smart SL 87,50%" in text for text in spoken)


def test_equal_html_gives_equal_bytes_in_another_process(meeting: Meeting) -> None:
    html = pdf.report_html(collect(meeting, at=AT), number=1)
    program = (
        "import sys, hashlib, django; django.setup(); from reports.pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(sys.stdin.read())).hexdigest())"
    )

    hashes = [
        subprocess.run(
            [sys.executable, "-c", program], input=html, capture_output=True, text=True, check=True,
            env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip

    assert hashes[0] == hashes[1]
    assert re.fullmatch(r"[0-9a-f]{64}\n", hashes[0])


def test_progress_is_told_page_by_page(city: Meeting) -> None:
    told: list[int] = []

    content = pdf.render_pdf(pdf.report_html(collect(city, at=AT)), progress=told.append)

    assert max(told) == pdf.page_count(content)


def test_an_exception_while_progress_is_told_stops_the_render_and_the_next_one_works(
    meeting: Meeting,
) -> None:
    html = pdf.report_html(collect(meeting, at=AT))

    def stop(page: int) -> None:
        if page:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        pdf.render_pdf(html, progress=stop)

    assert pdf.render_pdf(html).startswith(b"%PDF")


# --- what people type ------------------------------------------------------------------------

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "template": "{{ 7|add:7 }}{{7*7}}{% now 'Y' %}",
    "file": '<img src="file:///etc/passwd">',
    "style": "</style><style>body{display:none}</style>",
    "entity": "&lt;b&gt; &amp;amp; &#60;",
    "long": "x" * 500,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_people_type_is_printed_as_they_typed_it(meeting: Meeting, text: str) -> None:
    DimensionEvaluation.objects.filter(comment="").update(comment=f"A1{text}B1")
    DimensionEvaluation.objects.filter(recommendation="").update(recommendation=f"A2{text}B2")
    Meeting.objects.update(title=f"A3{text[:180]}B3", place=f"A4{text[:180]}B4")
    Program.objects.update(title=f"A5{text[:180]}B5")
    Indicator.objects.update(name=f"A6{text[:180]}B6")
    Criterion.objects.filter(position=1).update(title=f"A7{text[:180]}B7")
    Attendance.objects.create(meeting=meeting, group="host", name=f"A8{text[:120]}B8")

    printed = squeezed(text_of(made(Meeting.objects.get())))

    for place, length in enumerate((500, 500, 180, 180, 180, 180, 180, 120), 1):
        assert f"A{place}{squeezed(text[:length])}B{place}" in printed
    assert "root:x:0" not in printed


@pytest.mark.parametrize("text", ["كلمة", "漢字", "naïve é", "🎵"])
def test_letters_of_other_scripts_can_be_copied_from_the_file(meeting: Meeting, text: str) -> None:
    DimensionEvaluation.objects.update(comment=text)

    with pikepdf.open(io.BytesIO(made(meeting))) as document:
        maps = b"".join(
            thing.ToUnicode.read_bytes()
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing
        )

    for letter in text:
        assert letter.encode("utf-16-be").hex().encode() in maps, letter


def test_nothing_leaves_the_machine_because_of_what_was_typed(meeting: Meeting) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        hostile = f'"><img src="{address}"><link rel=stylesheet href="{address}">'
        DimensionEvaluation.objects.update(comment=hostile, recommendation=hostile)
        Meeting.objects.update(title=hostile, place=hostile, purpose=hostile)
        Program.objects.update(title=hostile)
        Activity.objects.update(title=hostile)
        Indicator.objects.update(name=hostile, unit=f"url({address[:30]})")

        made(Meeting.objects.get())

        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "tag",
    [
        '<img alt="x" src="{address}">',
        '<link rel="stylesheet" href="{address}">',
        '<link rel="attachment" href="{address}">',
        '<a rel="attachment" href="{address}">x</a>',
        '<style>@import url("{address}"); body {{ background: url("{address}") }}</style>',
        '<style>@font-face {{ font-family: z; src: url("{address}") }} * {{ font: 1em z }}</style>',
        '<svg width="9" height="9"><image href="{address}" width="9" height="9"/></svg>',
        '<object data="{address}" type="image/png">x</object>',
        '<embed src="{address}" type="image/png">',
    ],
)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_even_html_of_a_stranger_reaches_neither_network_nor_disk(tag: str, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        http = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        address = http if scheme == "http" else "file:///etc/passwd"

        content = pdf.render_pdf(f'<html lang="id"><title>x</title>{tag.format(address=address)}')

        with pytest.raises(TimeoutError):
            server.accept()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert not document.attachments
        streams = [one.read_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
    assert not any(b"root:x:0" in stream for stream in streams)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://ambon.go.id/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "/etc/passwd",
        "portal:/../manage.py",
        "portal:/../../etc/passwd",
        "portal://etc/passwd",
        "portal:/fonts/../../manage.py",
        "portal:/fonts",
        "portal:/",
        "portal:/fonts/no-such-file.woff2",
        "PORTAL:/fonts/inter-regular.woff2",
        "data:text/plain,x",
        "",
    ],
)
def test_the_fetcher_knows_only_the_portals_own_assets(url: str) -> None:
    with pytest.raises(pdf.ForeignAddress):
        pdf.OwnAssetsFetcher().fetch(url)


@pytest.mark.parametrize("path", ["fonts/inter-regular.woff2", "/fonts/inter-regular.woff2"])
def test_the_fetcher_serves_the_portals_fonts(path: str) -> None:
    answer: Any = pdf.OwnAssetsFetcher().fetch(f"portal:{path}")

    assert answer.read().startswith(b"wOF2")
