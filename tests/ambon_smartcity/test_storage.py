"""Files that are whole or not there, and on the disk before anybody is told so."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File

from ambon_smartcity.storage import DurableFileSystemStorage


@pytest.fixture
def storage(tmp_path: Path) -> DurableFileSystemStorage:
    return DurableFileSystemStorage(location=tmp_path)


class BrokenOff(File[bytes]):
    """An upload whose line breaks after the first part."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:  # noqa: ARG002
        yield b"the first part"
        raise ConnectionResetError


def test_a_file_is_read_back_as_it_was_written(
    storage: DurableFileSystemStorage, tmp_path: Path
) -> None:
    name = storage.save("evidence/foto.jpg", ContentFile(b"\x00\xff" * 100_000))

    assert name == "evidence/foto.jpg"
    assert (tmp_path / name).read_bytes() == b"\x00\xff" * 100_000
    with storage.open(name) as file:
        assert file.read(2) == b"\x00\xff"


def test_a_second_file_of_the_same_name_takes_no_others_place(
    storage: DurableFileSystemStorage, tmp_path: Path
) -> None:
    first = storage.save("foto.jpg", ContentFile(b"satu"))
    second = storage.save("foto.jpg", ContentFile(b"dua"))

    assert first != second
    assert (tmp_path / first).read_bytes() == b"satu"
    assert (tmp_path / second).read_bytes() == b"dua"


def test_an_upload_that_breaks_off_leaves_nothing_behind(
    storage: DurableFileSystemStorage, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionResetError):
        storage.save("evidence/foto.jpg", BrokenOff(None, "foto.jpg"))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_finished_file_stands_alone(storage: DurableFileSystemStorage, tmp_path: Path) -> None:
    storage.save("evidence/foto.jpg", ContentFile(b"satu"))

    assert [path.name for path in (tmp_path / "evidence").iterdir()] == ["foto.jpg"]


def test_a_file_is_readable_by_the_portal_alone(tmp_path: Path) -> None:
    storage = DurableFileSystemStorage(location=tmp_path, file_permissions_mode=0o640)

    name = storage.save("foto.jpg", ContentFile(b"satu"))

    assert (tmp_path / name).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["../keluar.jpg", "/etc/keluar.jpg", "a/../../keluar.jpg"])
def test_no_file_is_written_outside_its_folder(
    storage: DurableFileSystemStorage, name: str
) -> None:
    with pytest.raises(SuspiciousFileOperation):
        storage.save(name, ContentFile(b"satu"))


def test_a_file_and_then_its_folder_reach_the_disk(
    storage: DurableFileSystemStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []
    target = tmp_path / "evidence" / "foto.jpg"

    def noted(descriptor: int) -> None:
        """Sync for real, and note what was synced and whether the final name was there yet."""
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(("folder" if place.is_dir() else "file", target.exists()))
        fsync(descriptor)

    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", noted)  # the disk is outside: only the calls can be seen

    storage.save("evidence/foto.jpg", ContentFile(b"satu"))

    assert synced == [("file", False), ("folder", True)]
