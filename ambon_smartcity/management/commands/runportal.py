"""Start the portal on one machine: web server, worker and scheduler under one roof."""

import http.client
import os
import socket
import sys
import time
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
from ambon_smartcity.supervisor import Service, Supervisor

GUNICORN_CONF = settings.BASE_DIR / "ambon_smartcity" / "deploy" / "gunicorn.conf.py"
PURGE_SECONDS = 60 * 60


class Command(BaseCommand):
    help = "Start web server, worker and scheduler, and keep them running until Ctrl-C."
    requires_system_checks = []
    suppressed_base_arguments = {"--verbosity", "--traceback"}

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.host, self.port = address_from_environment()
        refuse_taken_port(self.host, self.port)
        try:
            call_command("prepareportal", if_changed=True)
        except OperationalError as error:
            sys.exit(f"Basis data tidak dapat dipakai: {error}")
        except KeyboardInterrupt:
            sys.exit(130)
        connection.close()
        self.announced = False
        self.purged_at = 0.0
        Supervisor(services(), on_tick=self.on_tick, on_restart=self.on_restart).run()
        self.say("Portal dihentikan.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def on_restart(self, name: str) -> None:
        self.say(f"Proses {name} berhenti sendiri dan dijalankan lagi.")

    def on_tick(self) -> None:
        if not self.announced and web_answers(self.host, self.port):
            self.announced = True
            self.announce()
        if time.monotonic() - self.purged_at > PURGE_SECONDS or not self.purged_at:
            self.purged_at = time.monotonic()
            purge_processed_messages()

    def announce(self) -> None:
        address = f"http://{bracketed(reachable(self.host))}:{self.port}/"
        self.say(f"\nPortal siap di {address}  (berhenti: Ctrl-C)\n")
        if not settings.DEMO:
            return
        rows = [(login.username, str(login.role_label), str(login.note)) for login in DEMO_LOGINS]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        self.say(f"Akun demo, kata sandi untuk semua: {DEMO_PASSWORD}")
        for name, role, note in rows:
            self.say(f"  {name:<{widths[0]}}  {role:<{widths[1]}}  {note}")
        self.say("")


def services() -> list[Service]:
    """Return the three processes; the web server goes first, so that its page is there first."""
    python = (sys.executable, "-m")
    celery = (*python, "celery", "-A", "ambon_smartcity", "-q")
    flags = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    schedule = str(settings.DATA_DIR / "celerybeat-schedule")
    return [
        Service("web", (*python, "gunicorn", "-c", str(GUNICORN_CONF))),
        Service("worker", (*celery, "worker", "-l", "info", *flags), starts_after=1.0),
        Service("penjadwal", (*celery, "beat", "-l", "info", "-s", schedule), starts_after=2.0),
    ]


def address_from_environment() -> tuple[str, int]:
    host = os.environ.get("HOST") or "127.0.0.1"
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT harus bilangan dari 1 sampai 65535, bukan “{port}”.")
    return host, int(port)


def reachable(host: str) -> str:
    """Return where this machine finds a server that listens on `host`."""
    try:
        listens_everywhere = ip_address(host).is_unspecified
    except ValueError:
        return host
    if not listens_everywhere:
        return host
    return "::1" if ":" in host else "127.0.0.1"


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def refuse_taken_port(host: str, port: int) -> None:
    """End with a sentence if the web server could not listen there, before anything starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            sys.exit(f"Port {port} hanya boleh dibuka oleh root.")
        except socket.gaierror:
            sys.exit(f"Alamat “{host}” tidak dikenal di komputer ini.")
        except OSError:
            sys.exit(
                f"Port {port} di {host} sudah dipakai program lain. Hentikan program itu,"
                f" atau pilih port lain, misalnya: PORT={port % 65535 + 1} ./run"
            )


def web_answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def purge_processed_messages(older_than_seconds: float = PURGE_SECONDS) -> None:
    """Delete the fetched messages that the queue of files keeps; nothing reads them again."""
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("processed_folder")
    if folder is None:
        return
    oldest = time.time() - older_than_seconds
    for path in Path(str(folder)).iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
