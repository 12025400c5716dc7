"""The report of a meeting without the web, for operators and tests."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from evaluations.models import Meeting
from reports.contents import collect
from reports.pdf import render_pdf, report_html


class Command(BaseCommand):
    help = "Render a meeting's report to a file, from the data as they are now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--meeting", required=True, help="the meeting's slug")
        parser.add_argument("--output", required=True, type=Path, help="where the PDF goes")

    def handle(self, *args: Any, meeting: str, output: Path, **options: Any) -> None:  # noqa: ARG002
        found = Meeting.objects.select_related("rubric", "masterplan").filter(slug=meeting).first()
        if found is None:
            known = ", ".join(Meeting.objects.values_list("slug", flat=True)) or "-"
            message = f"Tidak ada rapat '{meeting}'. Yang ada: {known}"
            raise CommandError(message)
        with translation.override("id"):
            pdf = render_pdf(report_html(collect(found, at=timezone.now())))
        output.write_bytes(pdf)
        self.stdout.write(f"{output}: {len(pdf)} byte")
