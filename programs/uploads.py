"""What may be uploaded as evidence: photos, which are drawn anew, and harmless PDF files."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePath

import pikepdf
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 40_000_000
MAX_SIDE = 2560
IMAGE_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
FORBIDDEN_KEYS = {"/JS", "/EmbeddedFiles", "/EF"}
FORBIDDEN_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}


@dataclass(frozen=True)
class CheckedFile:
    """An upload that passed: cleaned bytes and what they are."""

    name: str
    extension: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_upload(upload: UploadedFile[bytes]) -> CheckedFile:
    """Return the file made safe; raise ValidationError with a sentence that names it."""
    name = PurePath(upload.name or "").name[:200]
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        raise too_large(name)
    extension = PurePath(name).suffix.lower()
    content = upload.read()
    if extension in IMAGE_FORMATS:
        return CheckedFile(name, *_redrawn(name, content, IMAGE_FORMATS[extension]))
    if extension == ".pdf":
        _check_pdf(name, content)
        return CheckedFile(name, ".pdf", "document", content)
    raise ValidationError(
        _("“%(name)s”: only photos (JPG, PNG) and PDF files can be attached.") % {"name": name}
    )


def too_large(name: str) -> ValidationError:
    limit = filesizeformat(settings.EVIDENCE_MAX_BYTES)
    return ValidationError(
        _("“%(name)s” is too large: at most %(limit)s.") % {"name": name, "limit": limit}
    )


def _redrawn(name: str, content: bytes, expected: str) -> tuple[str, str, bytes]:
    """Return the picture drawn anew, upright, at most MAX_SIDE pixels, without hidden data."""
    try:
        with Image.open(io.BytesIO(content), formats=[expected]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            upright = ImageOps.exif_transpose(image)
            upright.info.pop("comment", None)  # Pillow would write it again
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            clean = io.BytesIO()
            if expected == "PNG":
                upright.save(clean, "PNG", optimize=True)
                return ".png", "photo", clean.getvalue()
            upright.convert("RGB").save(clean, "JPEG", quality=85)
            return ".jpg", "photo", clean.getvalue()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(
            _("“%(name)s” cannot be read as a photo. Take or save it again.") % {"name": name}
        ) from error


def _too_many_pixels(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s” has too many pixels: at most 40 megapixels.") % {"name": name}
    )


def _check_pdf(name: str, content: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            harmful = any(_is_harmful(thing) for thing in pdf.objects)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise ValidationError(
            _("“%(name)s” is not a readable PDF file.") % {"name": name}
        ) from error
    if harmful:
        raise ValidationError(
            _("“%(name)s” contains scripts, commands or embedded files and cannot be accepted.")
            % {"name": name}
        )


def _is_harmful(thing: pikepdf.Object) -> bool:
    """Look at an object and what is written inside it; what it refers to is looked at apart."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            inside = list(one)
        elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            if FORBIDDEN_KEYS & set(one.keys()) or str(one.get("/S", "")) in FORBIDDEN_ACTIONS:
                return True
            inside = [one[key] for key in one.keys()]  # noqa: SIM118  a stream iterates otherwise
        else:
            continue
        waiting += [it for it in inside if isinstance(it, pikepdf.Object) and not it.is_indirect]
    return False
