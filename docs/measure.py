"""Measure the city's page, a verification and a recount at 1,000 and at 100,000 verified entries.

Run it as `.venv/bin/python docs/measure.py`: on SQLite, and on PostgreSQL as well if
MEASURE_DATABASE_URL names a server where databases may be made
(postgres://postgres@127.0.0.1:5432/postgres). Each size gets a database of its own, in a process
of its own, and leaves nothing behind. A limit that does not hold is told as FAILED.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("MEASURE_DATABASE_URL", "")
YEARS, START_YEAR, QUARTERS = 5, 2030, 4
SMALL, LARGE = 1_000, 100_000
ROUNDS = 30
VERIFICATIONS = 5
CITY = f"/capaian/?tahun={START_YEAR}"
EMPTY = "/kosong/"
MOST_GROWTH, MOST_OVER_EMPTY, MOST_QUERIES = 3, 3, 12
Figures = dict[str, Any]


# --- one size, in a process of its own -------------------------------------------------------


def measure(entries: int) -> Figures:
    """Fill the database of this process and measure it. Times are milliseconds."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepareportal", stdout=io.StringIO())
    made = _seconds(
        lambda: call_command(
            "make_scale_data",
            programs=entries // (YEARS * QUARTERS),
            years=YEARS,
            start_year=START_YEAR,
            stdout=io.StringIO(),
        )
    )
    return {
        "entries": _verified(),
        "made": made,
        **_pages(),
        "verify": _verification(),
        **_recount(),
    }


def _verified() -> int:
    from programs.models import ProgressEntry

    return ProgressEntry.objects.filter(status="verified").count()


def _pages() -> Figures:
    """Take the pages in turn, so that whatever else the machine does meets all of them."""
    from django.core.cache import caches
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import path

    from accounts.models import User
    from ambon_smartcity import urls
    from ambon_smartcity.http import signed_in

    @signed_in
    def empty(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
        return HttpResponse("kosong")

    urls.urlpatterns.append(path(EMPTY.strip("/") + "/", empty))
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="skala-sekretariat"))

    def get(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            message = f"{address}: {answer.status_code}"
            raise RuntimeError(message)

    def cold() -> float:
        caches["pages"].clear()
        return _seconds(lambda: get(CITY))

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            get(address)
        return len(taken)

    for address in (CITY, EMPTY):  # templates and addresses are read once
        get(address)
    rounds = [
        (cold(), _seconds(lambda: get(CITY)), _seconds(lambda: get(EMPTY))) for _ in range(ROUNDS)
    ]
    names = ("cold", "warm", "empty")
    times = {
        name: _ms(median(one)) for name, one in zip(names, zip(*rounds, strict=True), strict=True)
    }
    caches["pages"].clear()
    return times | {
        "cold_queries": queries(CITY),
        "warm_queries": queries(CITY),
        "empty_queries": queries(EMPTY),
    }


def _verification() -> float:
    """Take some entries of one year back to the secretariat, and verify them one by one."""
    from accounts.models import User
    from programs.models import ProgressEntry, ReportingPeriod
    from programs.services import verify_entry
    from programs.summaries import count_periods, refresh

    period = ReportingPeriod.objects.get(year=START_YEAR, quarter=QUARTERS)
    secretary = User.objects.get(username="skala-sekretariat")
    entries = list(ProgressEntry.objects.filter(period=period)[:VERIFICATIONS])
    programs = {one.activity.program_id for one in entries if one.activity.program_id}
    ProgressEntry.objects.filter(pk__in=[one.pk for one in entries]).update(
        status=ProgressEntry.Status.SUBMITTED, verified_by=None, verified_at=None
    )
    refresh(programs, [START_YEAR])
    count_periods([period])
    return _ms(
        median(
            _seconds(lambda one=one: verify_entry(one, version=one.version, by=secretary))  # type: ignore[misc]
            for one in entries
        )
    )


def _recount() -> Figures:
    from django.core.management import CommandError, call_command

    out = io.StringIO()
    began = perf_counter()
    try:
        call_command("recount_figures", "--check", stdout=out)
    except CommandError as error:
        return {"check": str(error), "check_seconds": perf_counter() - began}
    return {"check": "", "check_seconds": perf_counter() - began}


def _seconds(act: Callable[[], Any]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began


def _ms(seconds: float) -> float:
    return seconds * 1000


# --- all of them -----------------------------------------------------------------------------


@contextmanager
def database(server: str) -> Iterator[str]:
    """Yield the address of a new database on the server; it is gone afterwards."""
    import psycopg2  # type: ignore[import-untyped]

    name = f"portal_measure_{uuid4().hex[:12]}"

    def say(statement: str) -> None:
        connection = psycopg2.connect(server, connect_timeout=5)
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()

    say(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def measured_in_a_process(entries: int, database_url: str) -> Figures:
    with tempfile.TemporaryDirectory(prefix="portal-measure-") as folder:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "ambon_smartcity.settings",
            "DATABASE_URL": database_url,
            "LOG_LEVEL": "WARNING",
            "PORTAL_DATA_DIR": folder,
            "PORTAL_DEMO": "0",
            "PORTAL_HTTPS": "0",
            "PYTHONPATH": str(ROOT),
            "REDIS_URL": "",
        }
        run = subprocess.run(
            [sys.executable, __file__, "--entries", str(entries)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: Figures = json.loads(run.stdout.splitlines()[-1])
    return figures


def table(rows: dict[str, tuple[Figures, Figures]]) -> Iterator[str]:
    yield (
        "database    entries   cold ms (queries)   warm ms (queries)   empty ms (queries)"
        "   warm/empty   verify ms   recount_figures --check"
    )
    for kind, sizes in rows.items():
        for one in sizes:
            verdict = "same" if not one["check"] else one["check"]
            yield (
                f"{kind:11} {one['entries']:7,}"
                f"   {one['cold']:7.1f} ({one['cold_queries']:2})       "
                f"   {one['warm']:7.1f} ({one['warm_queries']:2})       "
                f"   {one['empty']:8.1f} ({one['empty_queries']:2})      "
                f"   {one['warm'] / one['empty']:10.1f}   {one['verify']:9.1f}"
                f"   {verdict}, {one['check_seconds']:.1f} s"
            )


def limits(kind: str, small: Figures, large: Figures) -> Iterator[tuple[bool, str]]:
    """Yield whether each limit holds, and what it is."""
    growth = large["cold"] / small["cold"]
    yield (
        growth <= MOST_GROWTH,
        f"{kind}: cold page grows {growth:.2f} times, at most {MOST_GROWTH}",
    )
    both = small["cold_queries"], large["cold_queries"]
    yield (
        both[0] == both[1] <= MOST_QUERIES,
        f"{kind}: queries {both}, same and at most {MOST_QUERIES}",
    )
    for one in (small, large):
        who, ratio = f"{kind}, {one['entries']:,}", one["warm"] / one["empty"]
        yield (
            ratio <= MOST_OVER_EMPTY,
            f"{who}: warm page {ratio:.2f} empty pages, at most {MOST_OVER_EMPTY}",
        )
        yield not one["check"], f"{who}: the recount says the same"


def main() -> None:
    if "--entries" in sys.argv:
        print(json.dumps(measure(int(sys.argv[-1]))))
        return
    rows = {"SQLite": (measured_in_a_process(SMALL, ""), measured_in_a_process(LARGE, ""))}
    if SERVER:
        found = []
        for entries in (SMALL, LARGE):
            with database(SERVER) as address:
                found.append(measured_in_a_process(entries, address))
        rows["PostgreSQL"] = (found[0], found[1])
    lines = list(table(rows))
    for kind, sizes in rows.items():
        lines += [f"{'ok' if holds else 'FAILED':7} {what}" for holds, what in limits(kind, *sizes)]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
