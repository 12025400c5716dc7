"""The page behind a number: an activity's mean, links to it, and what was known on a past day."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    PlannedProgress,
    Program,
    ProgressEntry,
    WeightSet,
)
from programs.summaries import recount_all
from tests import factories
from tests.conftest import Cast, SignIn

VERIFIED = ProgressEntry.Status.VERIFIED
YEAR = factories.YEAR
WEIGHTS_ELSEWHERE = "The weights lie on parts that are not rated, so it is not rated."
MEAN_OF_DEVIATIONS = (
    "The programme's deviation is the plain mean of its activities' deviations; "
    "an activity without a plan or report is left out."
)


@pytest.fixture
def own(cast: Cast) -> Activity:
    """Return an activity of the agency with two indicators, both at 80 of 100."""
    activity = factories.make_activity(cast.agency, indicators=2)
    report(cast, activity)
    return activity


def report(cast: Cast, activity: Activity, **said: Any) -> ProgressEntry:
    return factories.make_entry(
        activity,
        factories.make_period(),
        status=VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
        **said,
    )


def program_of(activity: Activity) -> Program:
    assert activity.program is not None
    return activity.program


def explain_url(kind: str, key: int) -> str:
    return reverse("programs:explain-number", args=[kind, key, YEAR])


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def links_of(answer: Any) -> list[str]:
    """Return the address of every percentage that opens."""
    found: list[str] = re.findall(r'class="explained" href="([^"]+)"', answer.content.decode())
    return found


def plan(activity: Activity, percent: int) -> None:
    PlannedProgress.objects.create(
        activity_year=activity.years.get(), quarter=4, physical_pct=percent, spending_pct=percent
    )


# --- an activity's mean ----------------------------------------------------------------------


def test_an_activity_is_the_plain_mean_of_its_own_indicators(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    first, second = own.indicators.all()
    first.values.update(actual_value=130)
    other = factories.make_activity(cast.agency, program=program_of(own))
    report(cast, other, actual="10")
    weigh(program_of(own), {first: 90, second: 10})

    page = text_of(sign_in(cast.member).get(explain_url("activity", own.pk)))

    assert "180,00% ÷ 2 = 90,00%" in page, "capped at 100 and not weighted"
    assert "Rp 50.000.000 ÷ Rp 100.000.000 × 100 = 50,00%" in page
    assert other.indicators.get().code not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("member", 200),
        ("secretary", 200),
        ("admin", 200),
        ("head", 200),
        ("operator", 200),
        ("rival", 404),
    ],
)
def test_an_activitys_number_opens_to_those_who_see_it(
    cast: Cast, sign_in: SignIn, own: Activity, role: str, status: int
) -> None:
    browser = sign_in(getattr(cast, role))

    assert browser.get(explain_url("activity", own.pk)).status_code == status


def test_an_activitys_number_opens_to_the_owner_of_the_programme_of_that_year(
    cast: Cast, sign_in: SignIn
) -> None:
    activity = factories.make_activity(
        cast.agency, program=factories.make_program(cast.rival_agency)
    )
    report(cast, activity)
    path = explain_url("activity", activity.pk)

    assert sign_in(cast.rival).get(path).status_code == 200
    assert sign_in(cast.head).get(path).status_code == 200, "its own agency"

    ActivityYear.objects.update(program=factories.make_program(cast.agency))

    assert sign_in(cast.rival).get(path).status_code == 404, "it stands there today, not that year"


def test_an_activity_outside_the_year_has_no_number(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    browser = sign_in(cast.head)
    without = factories.make_activity(cast.agency)
    ActivityYear.objects.filter(activity=without).update(program=None)

    assert browser.get(explain_url("activity", 999_999)).status_code == 404
    assert browser.get(explain_url("activity", without.pk)).status_code == 404


def test_an_activitys_page_shows_its_mean_and_opens_it(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    answer = sign_in(cast.head).get(reverse("programs:view-activity", args=[own.pk]))

    assert "80,00%" in text_of(answer)
    assert explain_url("activity", own.pk) in links_of(answer)


# --- every percentage opens ------------------------------------------------------------------


def test_two_days_open_each_as_of_its_own_day(cast: Cast, sign_in: SignIn, own: Activity) -> None:
    moment = timezone.make_aware(datetime.combine(date(2024, 1, 10), time(12)))
    ProgressEntry.objects.update(verified_at=moment)
    browser = sign_in(cast.member)

    links = links_of(
        browser.get(
            reverse("programs:compare"),
            {"tahun": str(YEAR), "dari": "2024-02-01", "sampai": "2024-04-01", "dimensi": "SL"},
        )
    )

    for path in (
        explain_url("dimension", own.dimension_id),
        explain_url("city", 0),
        explain_url("program", program_of(own).pk),
    ):
        assert f"{path}?pada=2024-02-01" in links
        assert f"{path}?pada=2024-04-01" in links
    assert {browser.get(path).status_code for path in links} == {200}


def test_the_city_page_opens_absorption_and_each_year(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    period = factories.make_period()
    period.status = period.Status.CLOSED
    period.save()
    browser = sign_in(cast.member)

    links = links_of(browser.get(reverse("programs:view-city"), {"tahun": str(YEAR)}))

    assert links.count(explain_url("city", 0)) == 2, "the headline and the year"
    assert explain_url("city", 0) + "#money-title" in links
    assert explain_url("dimension", own.dimension_id) + "#money-title" in links
    assert 'id="money-title"' in browser.get(explain_url("city", 0)).content.decode()


def test_a_dimensions_page_opens_the_absorption_of_its_programmes(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    today = timezone.localdate().isoformat()
    unspent = factories.make_program(cast.agency)

    links = links_of(
        sign_in(cast.member).get(
            reverse("programs:view-dimension", args=["SL"]), {"tahun": str(YEAR), "pada": today}
        )
    )

    assert explain_url("program", program_of(own).pk) + f"?pada={today}#money-title" in links
    assert not any(link.startswith(explain_url("program", unspent.pk)) for link in links)


# --- against plan ----------------------------------------------------------------------------


def test_a_programmes_deviation_opens_to_its_activities(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    other = factories.make_activity(cast.agency, program=program_of(own))
    report(cast, other, physical="80")
    silent = factories.make_activity(cast.agency, program=program_of(own))
    for activity in (own, other, silent):
        plan(activity, 90)

    page = text_of(sign_in(cast.member).get(explain_url("program", program_of(own).pk)))

    assert "(−20,00)" in page, "the plain mean of −30 and −10"
    assert f"{own.title} IV 90,00% 60,00% −30,00" in page
    assert f"{other.title} IV 90,00% 80,00% −10,00" in page
    assert f"{silent.title} belum dilaporkan – – –" in page
    assert gettext(MEAN_OF_DEVIATIONS) in page


# --- what was known by then ------------------------------------------------------------------


def test_a_past_day_lists_only_the_revisions_known_by_then(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    indicator = own.indicators.all()[0]
    for revision, day in ((1, date(YEAR, 6, 1)), (2, date(YEAR, 9, 1))):
        AnnualTarget.objects.create(
            indicator=indicator,
            year=YEAR,
            revision=revision,
            revised_on=day,
            reason=f"Alasan {revision}",
            value=50,
        )
    browser = sign_in(cast.member)

    def seen(day: str) -> list[str]:
        page = text_of(browser.get(explain_url("indicator", indicator.pk), {"pada": day}))
        return re.findall(r"Alasan \d", page)

    assert seen(f"{YEAR}-05-31") == []
    assert seen(f"{YEAR}-06-01") == ["Alasan 1"]
    assert seen("") == ["Alasan 1", "Alasan 2"]


def weigh(program: Program, weights: dict[Indicator, int]) -> None:
    made = WeightSet.objects.create(
        masterplan=program.masterplan,
        program=program,
        from_year=YEAR,
        reason="Rapat",
        decided_on=date(YEAR, 1, 1),
    )
    for indicator, percent in weights.items():
        made.weights.create(indicator=indicator, percent=Decimal(percent))
    recount_all()


def test_weights_on_what_is_not_rated_are_named(cast: Cast, sign_in: SignIn, own: Activity) -> None:
    first, second = own.indicators.all()
    second.values.update(actual_value=None)
    path = explain_url("program", program_of(own).pk)
    browser = sign_in(cast.member)
    assert "80,00% ÷ 1 = 80,00%" in text_of(browser.get(path))

    weigh(program_of(own), {second: 100})

    page = text_of(browser.get(path))
    assert gettext(WEIGHTS_ELSEWHERE) in page
    assert "÷ 0" not in page
    assert first.code in page
