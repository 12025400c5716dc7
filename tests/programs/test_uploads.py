"""What may be attached, and what is refused whatever it is called."""

import hashlib
import io
import struct
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytest_django import Settings

import reports.pdf  # noqa: F401  as in the web process, where the addresses bring it in
from programs.uploads import MAX_SIDE, check_upload

Dictionary, Array, Name = pikepdf.Dictionary, pikepdf.Array, pikepdf.Name


def script() -> pikepdf.Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def vast(width: int, height: int) -> bytes:
    """Make a few bytes that say they are a picture of this size."""
    content = picture("PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


def document(
    change: dict[str, pikepdf.Object] | None = None,
    *,
    locked_with: str | None = None,
    apart: bool = False,
) -> bytes:
    """Make a document with `change` below its root, written in place or as an object of its own."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, value in (change or {}).items():
        pdf.Root[name] = pdf.make_indirect(value) if apart else value
    buffer = io.BytesIO()
    lock = pikepdf.Encryption(owner="dinas", user=locked_with) if locked_with else False
    pdf.save(buffer, encryption=lock)
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
        ("terpotong.jpg", picture(size=(400, 400))[:700]),
        ("terpotong.png", picture("PNG", size=(400, 400))[:100]),
        ("luas.png", vast(8_000, 5_001)),
        ("bom.png", vast(200_000, 200_000)),
        ("terkunci.pdf", document(locked_with="rahasia")),
        ("potongan.pdf", b"%PDF-1.7\n"),
        ("js.pdf", document({"/OpenAction": script()})),
        ("js-terpisah.pdf", document({"/OpenAction": script()}, apart=True)),
        ("js-halaman.pdf", document({"/AA": Dictionary(O=script())})),
        ("js-lanjutan.pdf", document({"/OpenAction": Dictionary(Next=Array([script()]))})),
        ("js-nama.pdf", document({"/Names": Dictionary(JavaScript=Array(["a", script()]))})),
        ("jalan.pdf", document({"/OpenAction": Dictionary(S=Name.Launch)})),
        ("isi.pdf", document({"/Names": Dictionary(EmbeddedFiles=Dictionary())})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_not_what_it_says_or_could_do_harm_is_refused_by_name(
    name: str, content: bytes
) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload(name, content))

    assert name in refusal.value.messages[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_half_a_photo_is_refused_in_a_process_that_makes_reports_too(kind: str) -> None:
    content = picture(kind, size=(400, 400))

    with pytest.raises(ValidationError):
        check_upload(upload(f"foto.{kind}".replace("JPEG", "jpg"), content[: len(content) // 2]))


def test_what_is_written_into_a_picture_beside_its_pixels_is_taken_out() -> None:
    written = PngInfo()
    written.add_text("Author", "Nama Pemilik")
    exif = Image.Exif()
    exif[0x013B] = "Nama Pemilik"
    pictures = [
        ("komentar.jpg", picture(comment=b"Nama Pemilik")),
        ("xmp.jpg", picture(xmp=b"Nama Pemilik")),
        ("teks.png", picture("PNG", pnginfo=written)),
        ("exif.png", picture("PNG", exif=exif)),
    ]
    assert all(b"Nama Pemilik" in content for _name, content in pictures)

    for name, content in pictures:
        assert b"Nama Pemilik" not in check_upload(upload(name, content)).content, name


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    checked = check_upload(upload("foto.jpg", picture(size=(40, 30), exif=exif)))

    with Image.open(io.BytesIO(checked.content)) as clean:
        assert clean.size == (30, 40)


def test_forty_megapixels_are_still_taken() -> None:
    checked = check_upload(upload("luas.jpg", picture(size=(8_000, 5_000))))

    with Image.open(io.BytesIO(checked.content)) as clean:
        assert clean.size == (MAX_SIDE, MAX_SIDE * 5 // 8)


def test_a_name_is_kept_without_the_folders_somebody_put_before_it() -> None:
    assert check_upload(upload("../../etc/surat.pdf", document())).name == "surat.pdf"


def test_the_hash_is_that_of_the_bytes_that_are_kept() -> None:
    checked = check_upload(upload("foto.jpg", picture()))

    assert checked.sha256 == hashlib.sha256(checked.content).hexdigest()


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 100

    with pytest.raises(ValidationError):
        check_upload(upload("surat.pdf", document() + b" " * 200))
