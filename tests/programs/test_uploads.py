"""What may be attached, and what is refused whatever it is called."""

import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from programs.uploads import MAX_SIDE, check_upload

SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def document(change: dict[str, object] | None = None) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, value in (change or {}).items():
        pdf.Root[name] = value
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "extension"),
    [
        ("foto.JPG", picture(), ".jpg"),
        ("foto.jpeg", picture(), ".jpg"),
        ("bagan.png", picture("PNG"), ".png"),
        ("surat.pdf", document(), ".pdf"),
    ],
)
def test_photos_and_plain_documents_are_taken(name: str, content: bytes, extension: str) -> None:
    checked = check_upload(upload(name, content))

    assert (checked.name, checked.extension) == (name, extension)


def test_place_and_owner_are_taken_out_of_a_photo_and_it_is_shrunk() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Nama Pemilik"
    exif.get_ifd(0x8825)[1] = "S"
    content = picture(size=(MAX_SIDE * 2, 400), exif=exif)
    assert b"Nama Pemilik" in content

    checked = check_upload(upload("foto.jpg", content))

    assert b"Nama Pemilik" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as clean:
        assert clean.size == (MAX_SIDE, 200)
        assert not clean.getexif()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.pdf", b"MZ\x90\x00 this program cannot be run in DOS mode"),
        ("program.exe", b"MZ\x90\x00"),
        ("gambar.jpg", b"<svg onload=alert(1)>"),
        ("gambar.jpg", picture("PNG")),
        ("gambar.svg", b"<svg/>"),
        ("kosong.pdf", b""),
        ("tanpa-akhiran", picture()),
        ("luas.png", picture("PNG", size=(14_000, 3_000))),
        ("js.pdf", document({"/OpenAction": SCRIPT})),
        ("jalan.pdf", document({"/OpenAction": pikepdf.Dictionary(S=pikepdf.Name.Launch)})),
        ("isi.pdf", document({"/Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_not_what_it_says_or_could_do_harm_is_refused_by_name(
    name: str, content: bytes
) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload(name, content))

    assert name in refusal.value.messages[0]


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 100

    with pytest.raises(ValidationError):
        check_upload(upload("surat.pdf", document() + b" " * 200))
