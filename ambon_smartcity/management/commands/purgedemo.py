"""Remove the demo data; the real frame stays."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ambon_smartcity.demo.purge import purge_demo


class Command(BaseCommand):
    help = "Remove all demo data with everything that was entered on top of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, yes: bool, **_options: Any) -> None:
        question = "Semua data contoh beserta isian di atasnya dihapus. Ketik “ya” untuk lanjut: "
        if not yes and input(question).strip().lower() != "ya":
            message = "Tidak ada yang dihapus."
            raise CommandError(message)
        purged = purge_demo()
        for kind, number in sorted(purged.removed.items()):
            self.stdout.write(f"{number:6}  {kind}")
        if purged.shut_out:
            self.stdout.write(
                f"{purged.shut_out} pengguna demo tercatat dalam jejak audit: namanya tetap ada,"
                " akunnya ditutup."
            )
        self.stdout.write("Data contoh dihapus." if purged.removed else "Tidak ada data contoh.")
