"""A form may bring files up to a limit; what is larger is dropped while the text stays."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from ambon_smartcity.uploads import oversized_files

LIMIT = 1_000


@pytest.fixture(autouse=True)
def low_limit(settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = LIMIT


def sent(**sizes: int) -> HttpRequest:
    """Return a request that brings a text and a file of each size, and that was read."""
    files = {name: SimpleUploadedFile(f"{name}.pdf", b"x" * size) for name, size in sizes.items()}
    request = RequestFactory().post("/", {"obstacles": "Hujan.", **files, "follow_up": "Tenda."})
    assert request.POST["obstacles"] == "Hujan."
    return request


def file_of(request: HttpRequest, name: str) -> UploadedFile[bytes]:
    file = request.FILES[name]
    assert isinstance(file, UploadedFile)
    return file


def test_a_file_up_to_the_limit_is_taken() -> None:
    request = sent(besar=LIMIT)

    assert file_of(request, "besar").size == LIMIT
    assert oversized_files(request) == []


def test_a_file_above_the_limit_is_dropped_by_name_and_the_text_stays() -> None:
    request = sent(besar=LIMIT + 1)

    assert "besar" not in request.FILES
    assert oversized_files(request) == ["besar.pdf"]
    assert request.POST["follow_up"] == "Tenda."


def test_a_file_of_many_parts_is_dropped_too() -> None:
    request = sent(besar=1_000_000)

    assert not request.FILES
    assert oversized_files(request) == ["besar.pdf"]
    assert request.POST["follow_up"] == "Tenda."


def test_the_files_beside_it_are_taken_whole() -> None:
    request = sent(pertama=500, besar=200_000, kedua=700)

    sizes = {name: len(file_of(request, name).read()) for name in request.FILES}
    assert sizes == {"pertama": 500, "kedua": 700}
    assert oversized_files(request) == ["besar.pdf"]


def test_each_file_counts_for_itself() -> None:
    request = sent(satu=900, dua=900, tiga=900)

    assert len(request.FILES) == 3
    assert oversized_files(request) == []


def test_uploads_wait_on_the_disk_not_in_memory() -> None:
    assert isinstance(sent(kecil=10).FILES["kecil"], TemporaryUploadedFile)


def test_a_request_without_files_has_dropped_none() -> None:
    assert oversized_files(RequestFactory().get("/")) == []
