"""Fill a portal with as much consistent data as one wants to measure it with."""

from argparse import ArgumentParser, ArgumentTypeError
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ambon_smartcity.http import Refused
from dimensions.models import Dimension, Masterplan
from programs.models import Activity, IndicatorValue, Program, ProgressEntry
from programs.scale_data import Size, make_scale_data, recount_scale_data


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        message = "harus 1 atau lebih"
        raise ArgumentTypeError(message)
    return number


class Command(BaseCommand):
    help = "Make demo data of any size below a masterplan of its own; purgedemo removes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programs", type=positive, required=True)
        parser.add_argument("--years", type=positive, default=1)
        parser.add_argument("--start-year", type=positive, default=2030)
        parser.add_argument("--seed", type=int, default=1)

    def handle(
        self, *_args: Any, programs: int, years: int, start_year: int, seed: int, **_options: Any
    ) -> None:
        if not Dimension.objects.exists():
            call_command("loaddata", "frame", verbosity=0)
        try:
            self._make(Size(programs, years, start_year, seed))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    @transaction.atomic
    def _make(self, size: Size) -> None:
        started = perf_counter()
        masterplan = make_scale_data(size)
        made = perf_counter()
        recount_scale_data(masterplan)
        counted = perf_counter()
        for number, kind in counts(masterplan):
            self.stdout.write(f"{number:9}  {kind}")
        self.stdout.write(
            f"Data skala dibuat dalam {made - started:.1f} detik,"
            f" ringkasannya dihitung dalam {counted - made:.1f} detik."
        )


def counts(masterplan: Masterplan) -> list[tuple[int, str]]:
    activities = Activity.objects.filter(program__masterplan=masterplan)
    return [
        (Program.objects.filter(masterplan=masterplan).count(), "program"),
        (activities.count(), "kegiatan"),
        (ProgressEntry.objects.filter(activity__in=activities).count(), "isian realisasi"),
        (IndicatorValue.objects.filter(entry__activity__in=activities).count(), "nilai indikator"),
    ]
