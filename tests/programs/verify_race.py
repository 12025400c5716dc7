"""Six people verify a dimension's entries at the same moment, while a seventh reads the city.

Run as `python -m tests.programs.verify_race` on an empty database; prints what came of it as JSON.
Every entry of mine spends one rupiah and reaches 0 or 100 percent, so that a headline tells of how
many entries it was made, and whether exactly those were counted.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing.sharedctypes import Synchronized
from typing import Any

import django

django.setup()

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client

from accounts.models import Role, User
from audit.models import AuditEntry
from audit.services import broken_links
from dimensions.models import Masterplan
from programs.figures import Achieved, Money
from programs.models import CityYear, OrganizationPeriod, ProgressEntry
from programs.overview import stored_year
from programs.services import EntryContent, save_draft, submit_entry, verify_entry
from programs.summaries import differences, recount_all
from tests import factories
from tests.reports.race import FORK, at_once

VERIFIERS = 6
SHARE = 15
EVERY = VERIFIERS * SHARE
CITY = f"/capaian/?tahun={factories.YEAR}"


@dataclass(frozen=True)
class Crowd:
    """Who acts, on what; which share is whose is drawn at the start."""

    shares: list[list[int]]
    verifiers: list[User]
    masterplan: Masterplan
    client: Client


def make_city() -> Crowd:
    """Make entries that wait for verification, all of one agency, dimension and quarter."""
    call_command("migrate", verbosity=0)
    agency, period = factories.make_organization("dinkes"), factories.make_period()
    operator = factories.make_user("operator", Role.OPERATOR, agency)
    entries = []
    for number in range(EVERY):
        activity = factories.make_activity(agency)
        values = {one.pk: Decimal(number % 2 * 100) for one in activity.indicators.all()}
        content = EntryContent(Decimal(50), 1, values=values)
        entry = save_draft(activity, period, content, version=0, by=operator)
        entries.append(submit_entry(entry, version=entry.version, by=operator).pk)
    recount_all()
    client = Client(SERVER_NAME="localhost")
    client.force_login(factories.make_user("pembaca", Role.SECRETARIAT))
    return Crowd(
        shares=[entries[first : first + SHARE] for first in range(0, EVERY, SHARE)],
        verifiers=[factories.make_user(f"s{one}", Role.SECRETARIAT) for one in range(VERIFIERS)],
        masterplan=factories.make_masterplan(),
        client=client,
    )


def verify_share(crowd: Crowd, number: int) -> int:
    entries = ProgressEntry.objects.in_bulk(crowd.shares[number])
    for entry in entries.values():
        verify_entry(entry, version=entry.version, by=crowd.verifiers[number])
    return len(entries)


def counted(achieved: Achieved, money: Money) -> int:
    """Return of how many entries a headline was made. Raises ValueError if it fits no number."""
    number = money.spent or 0
    reached = (achieved.percent or Decimal(0)) * number / 100
    if abs(reached - round(reached)) > Decimal("1e-9") or (achieved.percent is None) != (
        not number
    ):
        message = f"{achieved.percent} percent of {number} entries"
        raise ValueError(message)
    return number


def read_until_done(crowd: Crowd, finished: "Synchronized[int]") -> dict[str, Any]:
    """Read figures and page until nobody verifies any more, and once after that."""
    seen: list[tuple[int, int]] = []
    answers: set[int] = set()
    is_last = False
    while not is_last:
        is_last = finished.value == VERIFIERS
        figures = stored_year(crowd.masterplan, factories.YEAR)
        dimension = figures.dimensions[0]
        seen.append(
            (counted(figures.achieved, figures.money), counted(dimension.achieved, dimension.money))
        )
        answers.add(crowd.client.get(CITY).status_code)
    kept = crowd.client.get(CITY).content.decode()
    caches["pages"].clear()
    of_city, of_dimension = [city for city, _one in seen], [one for _city, one in seen]
    return {
        "moments": len(set(seen)),
        "last": seen[-1],
        "never_backwards": (of_city, of_dimension) == (sorted(of_city), sorted(of_dimension)),
        "dimension_read_later_is_no_older": all(city <= one for city, one in seen),
        "answers": sorted(answers),
        "kept_page_is_the_last": body_of(kept) == body_of(crowd.client.get(CITY).content.decode()),
    }


def body_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@contextmanager
def counting(finished: "Synchronized[int]") -> Iterator[None]:
    """Count the end of an act, also of one that failed."""
    try:
        yield
    finally:
        with finished.get_lock():
            finished.value += 1


def main() -> dict[str, Any]:
    crowd = make_city()
    finished: Synchronized[int] = FORK.Value("i", 0)
    parts = FORK.SimpleQueue()
    for number in range(VERIFIERS + 1):
        parts.put(number)

    def take_part() -> Any:
        number = parts.get()
        if number == VERIFIERS:
            return read_until_done(crowd, finished)
        with counting(finished):
            return verify_share(crowd, number)

    answers = at_once(VERIFIERS + 1, take_part)
    city = CityYear.objects.get(year=factories.YEAR)
    return {
        "database": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
        "verified": [one for one in answers if not isinstance(one, dict)],
        "reader": next((one for one in answers if isinstance(one, dict)), None),
        "statuses": dict(Counter(ProgressEntry.objects.values_list("status", flat=True))),
        "city": [str(city.achievement), city.rated, city.spent],
        "quarter": sorted(OrganizationPeriod.objects.values_list("expected", "verified")),
        "differences": list(differences())[:20],
        "verify_rows": AuditEntry.objects.filter(verb="verify").count(),
        "broken_links": len(list(broken_links())),
    }


if __name__ == "__main__":
    print(json.dumps(main()))
