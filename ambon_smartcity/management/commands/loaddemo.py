"""Load the demo data, or keep what is loaded fit for use."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ambon_smartcity.demo.load import load_demo


class Command(BaseCommand):
    help = "Load the demo data (once) and keep one period open for entry whatever the date is."

    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        loaded = load_demo(timezone.localdate())
        if verbosity:
            self.stdout.write("Data contoh dimuat." if loaded else "Data contoh sudah ada.")
