"""Targets: set before their year is opened, revised with a reason after that."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from programs.models import Activity, AnnualTarget, Indicator, ProgramYear, ReportingPeriod
from programs.planning.saving import EditConflict
from programs.planning.target_plan import NO_TARGET, TargetPlan
from programs.planning.targets import present_targets, set_targets, targets_stamp
from programs.summaries import differences, recount_all
from tests import factories
from tests.conftest import Cast, SignIn

TODAY = date(2023, 8, 1)
YEAR = factories.YEAR
NONE = (None, None, None, None)


@pytest.fixture
def indicator(cast: Cast) -> Indicator:
    """An indicator that aims at 100 in a year that nobody opened."""
    indicator = factories.make_activity(cast.agency).indicators.get()
    recount_all()
    return indicator


def plan(value: str, *quarters: str) -> TargetPlan:
    first, second, third, fourth = (Decimal(one) for one in quarters) if quarters else NONE
    return TargetPlan(Decimal(value), (first, second, third, fourth))


def aim(
    cast: Cast, indicator: Indicator, wanted: dict[int, TargetPlan], reason: str = ""
) -> Indicator:
    return set_targets(
        indicator,
        wanted,
        reason=reason,
        seen=targets_stamp(present_targets(indicator)),
        today=TODAY,
        by=cast.secretary,
    )


def revisions(indicator: Indicator, year: int = YEAR) -> list[Decimal]:
    return [row.value for row in indicator.targets.filter(year=year)]


# --- the service -----------------------------------------------------------------------------


@pytest.mark.parametrize("planned", [True, False])
def test_the_target_of_a_year_that_is_not_open_is_edited_in_place(
    cast: Cast, indicator: Indicator, planned: bool
) -> None:
    if planned:
        factories.make_period(status=ReportingPeriod.Status.PLANNED)
        recount_all()

    aim(cast, indicator, {YEAR: plan("120"), 2024: plan("130")})

    assert revisions(indicator) == [120]
    assert revisions(indicator, 2024) == [130]
    entry = AuditEntry.objects.about(indicator).get()
    assert entry.verb == "set_target"
    assert [(line.before, line.after) for line in entry.lines()] == [("100", "120"), ("–", "130")]
    assert list(differences()) == []


@pytest.mark.parametrize("status", ["open", "closed"])
def test_the_target_of_an_opened_year_gets_a_dated_revision(
    cast: Cast, indicator: Indicator, status: str
) -> None:
    activity, period = indicator.activity, factories.make_period(status=status)
    factories.make_entry(
        activity, period, status="verified", by=cast.head, verified_by=cast.secretary
    )

    aim(cast, indicator, {YEAR: plan("160")}, reason="SK Wali Kota")

    assert revisions(indicator) == [100, 160]
    last = indicator.targets.last()
    assert last is not None
    assert (last.revision, last.revised_on, last.reason) == (1, TODAY, "SK Wali Kota")
    assert ProgramYear.objects.get(year=YEAR).achievement == Decimal(50)
    assert list(differences()) == []
    entry = AuditEntry.objects.about(indicator).get()
    assert (entry.verb, entry.reason) == ("revise_target", "SK Wali Kota")


def test_a_revision_needs_a_reason(cast: Cast, indicator: Indicator) -> None:
    factories.make_period()

    with pytest.raises(ValidationError) as refused:
        aim(cast, indicator, {YEAR: plan("160")})

    assert list(refused.value.message_dict) == ["reason"]
    assert revisions(indicator) == [100]


def test_new_quarters_of_an_opened_year_are_a_revision(cast: Cast, indicator: Indicator) -> None:
    factories.make_period()

    aim(cast, indicator, {YEAR: plan("100", "10", "20", "30", "100")}, reason="SK")

    assert revisions(indicator) == [100, 100]


def test_a_first_target_of_an_opened_year_counts_from_its_day_on(
    cast: Cast, indicator: Indicator
) -> None:
    factories.make_period(year=2022)

    aim(cast, indicator, {2022: plan("90")})

    first = indicator.targets.get(year=2022)
    assert (first.revision, first.revised_on) == (1, TODAY)
    assert first.reason


def test_an_emptied_target_goes_only_before_its_year_is_opened(
    cast: Cast, indicator: Indicator
) -> None:
    aim(cast, indicator, {2024: plan("1")})
    factories.make_period()
    recount_all()

    aim(cast, indicator, {2024: NO_TARGET})
    with pytest.raises(ValidationError) as refused:
        aim(cast, indicator, {YEAR: NO_TARGET}, reason="Batal")

    assert list(refused.value.message_dict) == [f"target_{YEAR}"]
    assert revisions(indicator, 2024) == []
    assert revisions(indicator) == [100]
    assert list(differences()) == []


def test_a_target_once_revised_keeps_its_revisions(cast: Cast, indicator: Indicator) -> None:
    period = factories.make_period()
    aim(cast, indicator, {YEAR: plan("160")}, reason="SK 1")
    period.status = ReportingPeriod.Status.PLANNED
    period.save()

    aim(cast, indicator, {YEAR: plan("170")}, reason="SK 2")

    assert revisions(indicator) == [100, 160, 170]


def test_an_unchanged_target_leaves_no_trace(cast: Cast, indicator: Indicator) -> None:
    factories.make_period()

    aim(cast, indicator, {YEAR: plan("100.0000"), 2024: NO_TARGET})

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("aggregation", "polarity", "wanted", "cell"),
    [
        ("sum", "maximize", plan("100", "10", "20", "30", "40"), None),
        ("sum", "maximize", plan("100", "10", "20", "30", "50"), "quarter_4"),
        ("sum", "maximize", TargetPlan(Decimal(100), (Decimal(99), None, None, None)), None),
        ("last", "maximize", plan("100", "10", "20", "30", "100"), None),
        ("last", "maximize", plan("100", "10", "20", "30", "90"), "quarter_4"),
        ("last", "minimize", plan("100", "10", "20", "30", "90"), "quarter_4"),
        ("last", "stabilize", plan("100", "10", "20", "30", "90"), None),
        ("average", "maximize", plan("100", "10", "20", "30", "90"), None),
        ("max", "maximize", plan("100", "100", "20", "30", "90"), None),
        ("last", "maximize", TargetPlan(None, (Decimal(1), None, None, None)), "target"),
    ],
)
def test_quarters_fit_the_year(
    cast: Cast,
    indicator: Indicator,
    aggregation: str,
    polarity: str,
    wanted: TargetPlan,
    cell: str | None,
) -> None:
    Indicator.objects.update(aggregation=aggregation, polarity=polarity)

    if cell is None:
        aim(cast, indicator, {2024: wanted})
        assert indicator.targets.get(year=2024).quarters == wanted.quarters
    else:
        with pytest.raises(ValidationError) as refused:
            aim(cast, indicator, {2024: wanted})
        assert list(refused.value.message_dict) == [f"{cell}_2024"]


def test_who_saves_over_newer_targets_is_told(cast: Cast, indicator: Indicator) -> None:
    seen = targets_stamp(present_targets(indicator))
    aim(cast, indicator, {YEAR: plan("120")})

    with pytest.raises(EditConflict):
        set_targets(
            indicator, {YEAR: plan("130")}, reason="", seen=seen, today=TODAY, by=cast.colleague
        )


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def secretary(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.secretary)


def url(indicator: Indicator) -> str:
    return reverse("programs:edit-targets", args=[indicator.pk])


def form(indicator: Indicator, **changed: Any) -> dict[str, Any]:
    version = targets_stamp(present_targets(indicator))
    return {f"target_{YEAR}": "100", "version": version, **changed}


def test_the_table_shows_every_year_the_unit_and_the_baseline(
    secretary: Client, indicator: Indicator
) -> None:
    Indicator.objects.update(baseline_year=2018, baseline_value="62.5", unit="titik")
    factories.make_period()

    page = secretary.get(url(indicator))

    rows = page.context["form"].rows()
    assert [(row.year, row.is_opened) for row in rows][-2:] == [(2023, True), (2024, False)]
    text = page.content.decode()
    assert "62,5 titik" in text
    assert 'value="100"' in text
    assert text.count("(titik)") >= 5
    assert text.count("aria-label=") >= 6 * 5


def test_targets_are_saved_with_their_quarters(secretary: Client, indicator: Indicator) -> None:
    Indicator.objects.update(unit="titik")
    sent = form(
        indicator,
        target_2024="1.234,5 titik",
        quarter_1_2024="12.5",
        quarter_4_2024="1.234,5",
    )

    answer = secretary.post(url(indicator), sent)

    assert (answer.status_code, answer["Location"]) == (302, indicator.get_absolute_url())
    row = indicator.targets.get(year=2024)
    assert (row.value, row.quarter_1, row.quarter_2) == (Decimal("1234.5"), Decimal("12.5"), None)


@pytest.mark.parametrize(
    ("unit", "typed"),
    [("%", "40 titik"), ("titik", "12 %"), ("titik", "12%"), ("titik", "Rp 5"), ("%", "1e5")],
)
def test_another_unit_is_named_with_its_year(
    secretary: Client, indicator: Indicator, unit: str, typed: str
) -> None:
    Indicator.objects.update(unit=unit)

    page = secretary.post(url(indicator), form(indicator, target_2024=typed, reason="Alasan ini"))

    assert page.status_code == 422
    (error,) = page.context["form"].errors["target_2024"]
    assert all(part in error for part in ("2024", unit, typed))
    text = page.content.decode()
    assert f'value="{typed}"' in text
    assert "Alasan ini" in text
    assert not indicator.targets.filter(year=2024).exists()


@pytest.mark.parametrize("typed", ["5 titik", "5 TITIK", "5titik", "5"])
def test_the_own_unit_may_stand_behind_the_number(
    secretary: Client, indicator: Indicator, typed: str
) -> None:
    Indicator.objects.update(unit="titik")

    assert secretary.post(url(indicator), form(indicator, target_2024=typed)).status_code == 302

    assert indicator.targets.get(year=2024).value == 5


def test_a_share_may_aim_above_the_whole(secretary: Client, indicator: Indicator) -> None:
    Indicator.objects.update(unit="%")

    assert secretary.post(url(indicator), form(indicator, target_2024="110 %")).status_code == 302


@pytest.mark.parametrize("typed", ["-5", "1.2.3", "satu", "1,23456", "NaN"])
def test_what_is_no_target_is_refused_at_its_cell(
    secretary: Client, indicator: Indicator, typed: str
) -> None:
    page = secretary.post(url(indicator), form(indicator, target_2024=typed))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["target_2024"]
    assert 'id="id_target_2024_error"' in page.content.decode()


def test_the_page_asks_for_the_reason_of_a_revision(
    secretary: Client, indicator: Indicator
) -> None:
    factories.make_period()
    sent = form(indicator, **{f"target_{YEAR}": "150"})

    page = secretary.post(url(indicator), sent)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["reason"]
    assert secretary.post(url(indicator), {**sent, "reason": "SK"}).status_code == 302
    assert revisions(indicator) == [100, 150]


def test_newer_targets_are_shown_beside_what_was_typed(
    secretary: Client, cast: Cast, sign_in: SignIn, indicator: Indicator
) -> None:
    old = form(indicator)
    sign_in(cast.colleague).post(url(indicator), {**old, f"target_{YEAR}": "70"})

    page = secretary.post(url(indicator), {**old, f"target_{YEAR}": "80"})

    assert page.status_code == 409
    assert [line.now for line in page.context["theirs"]] == ["70"]
    assert revisions(indicator) == [70]


def test_the_same_form_sent_twice_is_one_revision(secretary: Client, indicator: Indicator) -> None:
    factories.make_period()
    sent = form(indicator, reason="SK", **{f"target_{YEAR}": "150"})

    answers = [secretary.post(url(indicator), sent).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert AnnualTarget.objects.count() == 2


def test_an_activity_without_a_programme_still_shows_its_targets(
    secretary: Client, indicator: Indicator
) -> None:
    Activity.objects.update(program=None)

    page = secretary.get(url(indicator))

    assert [row.year for row in page.context["form"].rows()] == [YEAR]
