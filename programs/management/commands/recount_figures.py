"""Make the stored figures anew from the entries, or prove that they are still right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit.services import record
from dimensions.models import Masterplan
from programs.models import CityYear, DimensionYear, OrganizationPeriod, ProgramYear
from programs.summaries import differences, recount_all

SUMMARIES = (ProgramYear, DimensionYear, CityYear, OrganizationPeriod)


class Command(BaseCommand):
    help = "Recount the stored figures; with --check only compare them with a recount."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        if check:
            self._check()
        else:
            with transaction.atomic():
                recount_all()
                record("recount", Masterplan.objects.latest("start_year"), by=None)
            self.stdout.write(f"Ringkasan dihitung ulang: {stored_rows()} baris.")

    def _check(self) -> None:
        found = 0
        for line in differences():
            self.stdout.write(line)
            found += 1
        if found:
            message = f"Ringkasan tidak sama dengan hitung ulang: {found} perbedaan."
            raise CommandError(message)
        self.stdout.write(f"Ringkasan sama dengan hitung ulang: {stored_rows()} baris.")


def stored_rows() -> int:
    return sum(model._default_manager.count() for model in SUMMARIES)  # noqa: SLF001
