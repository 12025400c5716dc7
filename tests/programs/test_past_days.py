"""What a past day knew, on small cases worked by hand; and what nobody learns by going back."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programs.figures import ProgramFigures, year_figures
from programs.models import Activity, Indicator, Program, ProgressEntry
from programs.planning import activities, years
from programs.planning.year_plan import YearPlan
from programs.summaries import differences
from tests import factories
from tests.conftest import Cast, SignIn

YEAR = factories.YEAR
STEADY = (Decimal(25), Decimal(50), Decimal(75), Decimal(100))
SLOWER = (Decimal(10), Decimal(20), Decimal(40), Decimal(60))


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return factories.make_activity(cast.agency, budget=100)


def plan(
    cast: Cast, activity: Activity, day: date, wanted: YearPlan, reason: str = "Perubahan"
) -> None:
    years.set_years(
        activity,
        {YEAR: wanted},
        reason=reason,
        seen=years.years_stamp(years.planned_years(activity)),
        today=day,
        by=cast.secretary,
    )


def verify(cast: Cast, activity: Activity, day: date, *, year: int = YEAR, **said: str) -> None:
    entry = factories.make_entry(
        activity,
        factories.make_period(year=year),
        status="verified",
        by=cast.head,
        verified_by=cast.secretary,
        **said,  # type: ignore[arg-type]
    )
    moment = timezone.make_aware(datetime.combine(day, time()))
    ProgressEntry.objects.filter(pk=entry.pk).update(verified_at=moment)


def only_program(day: date | None = None) -> ProgramFigures:
    (program,) = year_figures(Program.objects.all(), YEAR, as_of=day).programs
    return program


def test_each_ceiling_counts_from_its_day_until_the_next(cast: Cast, activity: Activity) -> None:
    plan(cast, activity, date(2023, 3, 1), YearPlan(100, budget_revised=120))
    plan(cast, activity, date(2023, 9, 1), YearPlan(100, budget_revised=150))
    plan(cast, activity, date(2023, 11, 1), YearPlan(100))
    plan(cast, activity, date(2023, 12, 1), YearPlan(90))

    seen = {month: only_program(date(2023, month, 15)).money.budget for month in (2, 6, 10, 11, 12)}

    assert seen == {2: 100, 6: 120, 10: 150, 11: 100, 12: 90}
    assert only_program().money.budget == 90
    assert list(differences()) == []


def test_a_curve_changed_after_verification_leaves_the_light_of_past_days(
    cast: Cast, activity: Activity
) -> None:
    plan(cast, activity, date(2023, 1, 5), YearPlan(100, physical=STEADY, spending=STEADY))
    verify(cast, activity, date(2024, 1, 10), physical="60")

    plan(cast, activity, date(2024, 3, 1), YearPlan(100, physical=SLOWER, spending=SLOWER))

    before, now = only_program(date(2024, 2, 1)), only_program()
    assert (before.deviation, before.light) == (Decimal(-40), "red")
    assert (now.deviation, now.light) == (Decimal(0), "green")
    assert years.planned_years(activity)[YEAR].physical == SLOWER


@pytest.mark.parametrize(
    ("wanted", "reason", "cell"),
    [
        (YearPlan(100, physical=SLOWER, spending=SLOWER), "", "reason"),
        (YearPlan(100), "Batal", "physical_1_2023"),
    ],
)
def test_a_verified_years_curve_neither_changes_silently_nor_goes(
    cast: Cast, activity: Activity, wanted: YearPlan, reason: str, cell: str
) -> None:
    plan(cast, activity, date(2023, 1, 5), YearPlan(100, physical=STEADY, spending=STEADY))
    verify(cast, activity, date(2024, 1, 10))

    with pytest.raises(ValidationError) as refused:
        plan(cast, activity, date(2024, 3, 1), wanted, reason)

    assert list(refused.value.message_dict) == [cell]


def test_what_was_archived_later_still_counted_on_a_past_day(
    cast: Cast, activity: Activity
) -> None:
    Activity.objects.update(archived_on=date(2022, 10, 1))

    assert only_program(date(2022, 6, 1)).money.budget == 100
    assert not year_figures(Program.objects.all(), YEAR, as_of=date(2022, 11, 1)).money.budget


def move(cast: Cast, activity: Activity, program: Program, from_year: int) -> None:
    activities.move_activity(
        activity, program, from_year=from_year, reason="Perwali", by=cast.secretary
    )


def test_who_led_an_activity_learns_nothing_of_the_years_after_it_left(
    cast: Cast, sign_in: SignIn
) -> None:
    led = factories.make_program(cast.agency)
    activity = factories.make_activity(cast.rival_agency, program=led, year=2022)
    activity.years.create(fiscal_year=YEAR, program=led, budget_original=5)
    activity.indicators.get().targets.create(year=YEAR, value=100)
    move(cast, activity, factories.make_program(cast.rival_agency), YEAR)
    verify(cast, activity, date(2024, 1, 10), actual="73")

    page = sign_in(cast.head).get(f"/program/{led.pk}/").content.decode()

    assert "73,00%" not in page
    assert "73 / 100" not in page


def test_who_leads_an_activity_now_learns_nothing_of_the_years_before(
    cast: Cast, sign_in: SignIn
) -> None:
    activity = factories.make_activity(cast.rival_agency, year=2022)
    verify(cast, activity, date(2023, 1, 10), year=2022, actual="73", physical="61")
    activity.years.create(fiscal_year=YEAR, program=activity.program, budget_original=5)
    move(cast, activity, factories.make_program(cast.agency), YEAR)
    browser = sign_in(cast.head)
    indicator = Indicator.objects.get()

    for path in (f"/indikator/{indicator.pk}/", f"/kegiatan/{activity.pk}/"):
        page = browser.get(path, {"tahun": "2022"}).content.decode()
        assert "73,00" not in page
        assert "61,00" not in page
    assert list(differences()) == []


def test_a_move_to_the_next_masterplan_leaves_no_stray_summaries(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    later = factories.make_program(cast.agency)
    Program.objects.filter(pk=later.pk).update(masterplan=factories.make_later_masterplan())
    later.refresh_from_db()
    move(cast, activity, later, 2025)
    activity.years.create(fiscal_year=2025, program=later, budget_original=7)

    activities.change_activity(
        activity,
        {
            "code": activity.code,
            "title": "Lanjutan",
            "owner": cast.rival_agency,
            "supporting_organizations": [],
            "source": activity.source,
        },
        seen=activities.activity_stamp(activity),
        by=cast.secretary,
    )
    years.set_years(
        activity,
        {YEAR: YearPlan(100_000_000), 2025: YearPlan(8)},
        reason="",
        seen=years.years_stamp(years.planned_years(activity)),
        today=date(2025, 1, 2),
        by=cast.secretary,
    )

    assert list(differences()) == []


def test_nihil_keeps_the_value_so_far_and_says_so(cast: Cast, sign_in: SignIn) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    indicator = factories.make_indicator(activity, aggregation="sum")
    indicator.targets.update(quarter_1=20, quarter_2=30, quarter_3=30, quarter_4=20)
    factories.make_entry(
        activity,
        factories.make_period(quarter=1),
        status="verified",
        by=cast.head,
        verified_by=cast.secretary,
        actual="20",
    )
    entry = ProgressEntry.objects.create(
        activity=activity,
        period=factories.make_period(quarter=2),
        status="verified",
        is_nil=True,
        nil_reason="Banjir",
        submitted_by=cast.head,
        submitted_at=timezone.now(),
        verified_by=cast.secretary,
        verified_at=timezone.now(),
    )
    entry.values.create(indicator=indicator)

    page = sign_in(cast.head).get(f"/indikator/{indicator.pk}/", {"tahun": str(YEAR)})

    text = " ".join(page.content.decode().split())
    assert '<td class="num">nihil</td><td class="num">20</td><td class="num">50</td>' in text
    assert "40,00%" in text
