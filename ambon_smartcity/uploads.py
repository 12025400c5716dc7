"""A cap on what a form may bring: the file that is too large is dropped, the text stays."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class CappedUploadHandler(FileUploadHandler):
    """Stops keeping a file at the limit and notes its name in `request.oversized_files`."""

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        self.received += len(raw_data)
        if self.received > settings.EVIDENCE_MAX_BYTES:
            if self.request is not None:
                oversized_files(self.request).append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        return None


def oversized_files(request: HttpRequest) -> list[str]:
    """Return the names of the files that were dropped from this request."""
    names: list[str] = request.__dict__.setdefault("oversized_files", [])
    return names
