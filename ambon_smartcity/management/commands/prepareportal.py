"""Bring database, static files and first contents to the state this code expects."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from dimensions.models import Dimension
from programs.summaries import recount_all

WHAT_MATTERS = ("*/migrations/*.py", "fixtures/**/*", "static/**/*", "locale/**/*.mo")


class Command(BaseCommand):
    help = "Migrate, collect static files, load the frame and (in demo mode) the demo data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-changed",
            action="store_true",
            help="do nothing when this code was already prepared for this database",
        )

    def handle(self, *_args: Any, if_changed: bool, **_options: Any) -> None:
        stamp: Path = settings.DATA_DIR / "prepared"
        fingerprint = fingerprint_of_code_and_database()
        if not (if_changed and is_prepared(stamp, fingerprint)):
            self.stdout.write("Menyiapkan basis data dan berkas statis ...")
            self.stdout.flush()
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            # Never twice: the secretariat may have renamed an organisation since.
            if not Dimension.objects.exists():
                call_command("loaddata", "frame", verbosity=0)
            recount_all()
            stamp.write_text(fingerprint)
        if settings.DEMO:
            call_command("loaddemo", verbosity=0)


def is_prepared(stamp: Path, fingerprint: str) -> bool:
    return (
        stamp.is_file()
        and stamp.read_text() == fingerprint
        and (settings.STATIC_ROOT / "staticfiles.json").is_file()
        and "django_migrations" in connection.introspection.table_names()
    )


def fingerprint_of_code_and_database() -> str:
    database = connection.settings_dict
    digest = hashlib.sha256()
    for key in ("ENGINE", "NAME", "HOST", "PORT"):
        digest.update(f"{database[key]}\0".encode())
    files = {settings.BASE_DIR / "requirements.txt"}
    for pattern in WHAT_MATTERS:
        files.update(path for path in settings.BASE_DIR.glob(pattern) if path.is_file())
    for path in sorted(files):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
