"""Load the demo data, or keep what is loaded fit for use."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ambon_smartcity.demo.load import load_demo
from ambon_smartcity.http import Refused


class Command(BaseCommand):
    help = "Load the demo data (once) and keep one period open for entry whatever the date is."

    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        try:
            loaded = load_demo(timezone.localdate())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            self.stdout.write("Data contoh dimuat." if loaded else "Data contoh sudah ada.")
