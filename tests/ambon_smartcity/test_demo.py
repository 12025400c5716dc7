"""The demo set: its figures, its marks, the one open period, and that a purge takes only it."""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce
from django.utils import timezone
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    DjangoDbBlocker,
)

from accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import Role, User
from ambon_smartcity.demo import rules
from ambon_smartcity.demo.load import load_demo
from ambon_smartcity.demo.purge import purge_demo
from audit.models import AuditEntry
from audit.services import broken_links
from dimensions.models import Organization
from evaluations.models import CriterionScore, DimensionEvaluation, Meeting
from programs import scoring
from programs.figures import year_figures
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    EntryRound,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from programs.services import EntryContent, save_draft, submit_entry
from reports.models import ReportJob, ReportVersion
from tests import factories

# One kind of test for all, so that they run together and the demo set loads once.
pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[1] / "data" / "golden_2023.csv"
MARK = "(data contoh)"
MILLION = 1_000_000
REAL_ACTIVITIES = {f"A-{number:02}" for number in range(1, 11)}
Captured = DjangoCaptureOnCommitCallbacks


@pytest.fixture(scope="module", autouse=True)
def frame(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Load frame and demo once for this module; give the frame as it was without the demo."""
    with django_db_blocker.unblock():
        call_command("loaddata", "frame", verbosity=0)
        before = contents()
        call_command("loaddemo", verbosity=0)
    yield before
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def contents() -> str:
    """Return every row but the trail, which keeps all that ever happened."""
    out = io.StringIO()
    apps_of_ours = ["dimensions", "accounts", "programs", "evaluations", "reports"]
    call_command("dumpdata", *apps_of_ours, stdout=out)
    return out.getvalue()


# --- figures ---------------------------------------------------------------------------------


def round_2(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def reported(indicator: Indicator, year: int) -> Decimal:
    """Return the year's value: the quarters' sum, or the last one that says something."""
    values = IndicatorValue.objects.filter(indicator=indicator, entry__period__year=year)
    quarters = [
        value
        for value in values.order_by("entry__period__quarter").values_list(
            "actual_value", flat=True
        )
        if value is not None
    ]
    return sum(quarters, Decimal(0)) if indicator.aggregation == "sum" else quarters[-1]


def achieved(indicator: Indicator, year: int) -> Decimal:
    target = indicator.targets.filter(year=year).latest("revision").value
    actual = reported(indicator, year)
    better = actual if indicator.polarity == "maximize" else 2 * target - actual
    return better * 100 / target


def counted_by_hand() -> dict[str, dict[str, str]]:
    """Count 2023 again from the rows alone, by no formula of the portal's."""
    achievements: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for one in Indicator.objects.select_related("activity__dimension", "activity__program"):
        program = one.activity.program
        assert program is not None
        achievements[one.activity.dimension.code][program.code].append(achieved(one, 2023))
    rows: dict[str, dict[str, str]] = {}
    for code, programs in achievements.items():
        means = [mean([min(one, Decimal(100)) for one in ones]) for ones in programs.values()]
        years = ActivityYear.objects.filter(fiscal_year=2023, activity__dimension__code=code)
        ends = ProgressEntry.objects.filter(
            period__year=2023, period__quarter=4, activity__dimension__code=code
        )
        rows[code] = row_of(
            means,
            mean(means),
            sum(len(ones) for ones in programs.values()),
            years.aggregate(total=Sum(Coalesce("budget_revised", "budget_original")))["total"],
            ends.aggregate(total=Sum("budget_spent"))["total"],
        )
    return rows


def row_of(
    programs: list[Decimal], percent: Decimal | None, indicators: int, budget: int, spent: int
) -> dict[str, str]:
    assert percent is not None
    reached = scoring.PERMENDAGRI_86_2017.classify(percent)
    assert reached is not None
    return {
        "programs": str(len(programs)),
        "indicators": str(indicators),
        "achievement_pct": round_2(percent),
        "class": reached.code,
        "budget_million_rupiah": str(Decimal(budget) / MILLION),
        "spent_million_rupiah": str(Decimal(spent) / MILLION),
        "absorption_pct": round_2(Decimal(spent) * 100 / Decimal(budget)),
    }


def golden() -> dict[str, dict[str, str]]:
    with GOLDEN.open(newline="") as file:
        return {row.pop("scope"): row for row in csv.DictReader(file)}


def test_the_rows_count_up_to_the_golden_numbers() -> None:
    expected = golden()
    counted = counted_by_hand()

    assert counted == {code: expected[code] for code in counted}
    assert len(counted) == 6


def test_the_portal_computes_the_golden_numbers() -> None:
    figures = year_figures(Program.objects.all(), 2023)
    scopes: list[tuple[str, Any, Any]] = [
        (one.code, one.programs, one.achieved) for one in figures.dimensions
    ]
    scopes += [
        ("city_mean_of_programs", figures.programs, figures.achieved),
        ("city_mean_of_dimensions", figures.programs, figures.achieved_by_dimension),
    ]
    computed = {
        scope: row_of(
            programs,
            reached.percent,
            sum(len(one.indicators) for one in programs),
            sum(one.money.budget for one in programs),
            sum(one.money.spent or 0 for one in programs),
        )
        for scope, programs, reached in scopes
    }

    assert computed == golden()


def test_the_indicators_spread_over_the_classes_as_planned() -> None:
    classes = Counter(
        scoring.PERMENDAGRI_86_2017.classify(achieved(one, 2023)) for one in Indicator.objects.all()
    )

    assert {one.letter: number for one, number in classes.items() if one} == {
        "ST": 19, "T": 8, "S": 5, "R": 3, "SR": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("year", "of_plus", "of_minus"),
    [(2019, "0.95", "1.05"), (2020, "0.8", "1.2"), (2021, "0.9", "1.1"), (2022, "0.97", "1.03")],
)
def test_years_before_follow_their_factor(year: int, of_plus: str, of_minus: str) -> None:
    for one in Indicator.objects.all():
        factor = Decimal(of_plus if one.polarity == "maximize" else of_minus)
        exact = one.targets.filter(year=year).latest("revision").value * factor
        unit = Decimal(1).scaleb(-one.decimal_places)

        assert abs(reported(one, year) - exact) <= unit / 2


def test_nothing_was_planned_or_done_where_the_target_is_zero() -> None:
    none = AnnualTarget.objects.filter(value=0).values_list("indicator__code", "year")

    assert set(none) == {("SB-02.2", 2020), ("SB-03.2", 2020), ("SB-04.1", 2020)}
    for code, year in none:
        assert reported(Indicator.objects.get(code=code), year) == 0


def test_values_have_the_decimals_their_indicator_allows() -> None:
    for value in IndicatorValue.objects.exclude(actual_value=None).select_related("indicator"):
        assert value.actual_value is not None
        places = value.indicator.decimal_places
        assert value.actual_value == round(value.actual_value, places), value
        assert places <= 1


def test_two_quarters_of_the_evaluated_year_are_not_reported() -> None:
    gaps = IndicatorValue.objects.filter(actual_value=None, entry__is_nil=False).values_list(
        "indicator__code", "entry__period__year", "entry__period__quarter"
    )

    assert set(gaps) == {("SS-03.2", 2023, 2), ("EN-03.2", 2023, 3)}


def test_each_programmes_money_is_divided_to_the_rupiah() -> None:
    with (settings.BASE_DIR / "fixtures" / "demo_programs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for year in range(2019, 2025):
            rows_of = ActivityYear.objects.filter(program__code=row["code"], fiscal_year=year)
            shares = [one.budget for one in rows_of]

            assert sum(shares) == int(row[f"budget_{year}_million_rupiah"]) * MILLION
            assert max(shares) - min(shares) <= 1


def test_money_and_progress_never_fall_within_a_year_nor_pass_their_limit() -> None:
    for activity in Activity.objects.all():
        for year in range(2019, 2024):
            entries = activity.entries.filter(period__year=year).order_by("period__quarter")
            spent = [one.budget_spent or 0 for one in entries]
            physical = [one.physical_progress_pct or Decimal(0) for one in entries]

            assert spent == sorted(spent)
            assert physical == sorted(physical)
            assert spent[-1] <= activity.years.get(fiscal_year=year).budget
            assert physical[-1] <= 100


def test_spending_follows_the_four_steps() -> None:
    entries = ProgressEntry.objects.filter(activity__code="SL-01.A", period__year=2023)
    total = 833 * MILLION

    assert list(entries.order_by("period__quarter").values_list("budget_spent", flat=True)) == [
        total * percent // 100 for percent in (8, 32, 63, 100)
    ]


@pytest.mark.parametrize(
    ("total", "shares", "places", "parts"),
    [
        ("112", rules.SUM_SHARES, 0, ["11", "28", "34", "39"]),
        ("2", rules.SUM_SHARES, 0, ["0", "0", "1", "1"]),
        ("0.5", rules.SUM_SHARES, 1, ["0.0", "0.1", "0.2", "0.2"]),
        ("2.9", rules.SUM_SHARES, 1, ["0.3", "0.7", "0.9", "1.0"]),
        ("0", rules.SUM_SHARES, 0, ["0", "0", "0", "0"]),
        ("100", (1, 1, 1), 0, ["33", "33", "34"]),
    ],
)
def test_a_total_is_spread_by_largest_remainder(
    total: str, shares: tuple[int, ...], places: int, parts: list[str]
) -> None:
    spread = rules.spread(Decimal(total), shares, places)

    assert spread == [Decimal(part) for part in parts]
    assert sum(spread) == Decimal(total)


@pytest.mark.parametrize(
    ("start", "end", "steps"),
    [("31", "38", ["33", "35", "36", "38"]), ("31", "27", ["30", "29", "28", "27"])],
)
def test_a_level_moves_in_four_even_steps(start: str, end: str, steps: list[str]) -> None:
    assert rules.path(Decimal(start), Decimal(end), 0) == [Decimal(step) for step in steps]


# --- marks and people ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        Program, ActivityYear, Indicator, AnnualTarget, ReportingPeriod, ProgressEntry,
        DimensionEvaluation, User,
    ],
)  # fmt: skip
def test_every_loaded_row_is_marked(model: Any) -> None:
    assert model.objects.filter(is_demo=True).exists()
    assert not model.objects.filter(is_demo=False).exists()


def test_only_the_ten_real_activities_carry_no_mark() -> None:
    real = Activity.objects.filter(is_demo=False)

    assert set(real.values_list("code", flat=True)) == REAL_ACTIVITIES
    assert not real.filter(program=None).exists()
    assert Activity.objects.filter(is_demo=True).count() == 20


def test_every_programme_says_where_its_title_comes_from() -> None:
    by_source: dict[str, set[str]] = defaultdict(set)
    for code, source in Program.objects.values_list("code", "source"):
        by_source[source].add(code)

    assert by_source["seed"] == {"SB-01"}
    assert by_source["grouping"] == {"SB-02", "SB-03", "SB-04"}
    assert by_source["press"] == {"SG-01", "SG-02", "SS-04", "EN-01"}
    assert len(by_source["illustrative"]) == 16


@pytest.mark.parametrize(
    ("program", "activities"),
    [
        ("SB-01", {"A-01": {"SB-01.1"}, "A-05": {"SB-01.2"}}),
        ("SB-02", {"A-02": {"SB-02.1"}, "A-03": {"SB-02.2"}, "A-04": set()}),
        ("SB-03", {"A-06": {"SB-03.1"}, "A-09": {"SB-03.2"}}),
        ("SB-04", {"A-07": {"SB-04.1"}, "A-08": set(), "A-10": set()}),
    ],
)
def test_the_real_activities_stand_under_their_demo_programme(
    program: str, activities: dict[str, set[str]]
) -> None:
    found = Activity.objects.filter(program__code=program)

    assert {
        one.code: set(one.indicators.values_list("code", flat=True)) for one in found
    } == activities


def test_every_sentence_of_the_demo_says_that_it_is_one() -> None:
    written = [
        *ProgressEntry.objects.values_list("obstacles", flat=True),
        *ProgressEntry.objects.values_list("follow_up", flat=True),
        *DimensionEvaluation.objects.values_list("comment", flat=True),
        *DimensionEvaluation.objects.values_list("recommendation", flat=True),
        *EntryRound.objects.values_list("note", flat=True),
    ]

    assert [text for text in written if text and MARK not in text] == []


def test_obstacles_stand_only_where_the_programme_fell_behind() -> None:
    behind = {
        one.code
        for one in year_figures(Program.objects.all(), 2023).programs
        if one.achieved.percent is not None and one.achieved.percent < 76
    }
    told = ProgressEntry.objects.filter(period__year=2023).exclude(obstacles="")

    assert set(told.values_list("activity__program__code", flat=True)) == behind
    assert not told.filter(follow_up="").exists()
    assert behind


def test_the_demo_people_can_sign_in_and_are_nobody() -> None:
    assert {login.username for login in DEMO_LOGINS} <= set(
        User.objects.values_list("username", flat=True)
    )
    for one in User.objects.all():
        assert one.full_name.startswith("Pengguna Demo ")
        assert not one.is_staff
        assert not one.is_superuser
    assert User.objects.values("full_name").distinct().count() == User.objects.count()
    assert User.objects.values("password").distinct().count() == 1
    assert User.objects.get(username="sekretariat").check_password(DEMO_PASSWORD)


def test_every_owner_has_a_head_and_the_council_three_members() -> None:
    heads = User.objects.filter(role=Role.HEAD)
    owners = Organization.objects.exclude(dimension=None)

    assert {one.username for one in heads} == {f"opd.{one.code}" for one in owners}
    assert all(one.username == f"opd.{one.organization and one.organization.code}" for one in heads)
    by_role = User.objects.order_by("role").values_list("role").annotate(number=Count("pk"))
    assert dict(by_role) == {
        Role.HEAD: 19,
        Role.OPERATOR: 1,
        Role.SECRETARIAT: 1,
        Role.COUNCIL_MEMBER: 3,
    }


def test_two_members_have_answered_and_smart_living_is_left_for_one() -> None:
    answers: dict[str, set[str]] = defaultdict(set)
    for one in DimensionEvaluation.objects.select_related("member", "dimension"):
        answers[one.member.username].add(one.dimension.code)
        assert one.status == DimensionEvaluation.Status.SUBMITTED
        assert one.comment
        assert one.recommendation
        assert one.scores.count() == 3

    assert answers == {
        "dewan1": {"SG", "SB", "SE", "SS", "EN"},
        "dewan2": {"SG", "SB", "SE", "SS", "SL", "EN"},
    }


# --- periods and entries ---------------------------------------------------------------------


def test_one_period_is_open_and_due_in_two_weeks() -> None:
    status = ReportingPeriod.Status
    periods = ReportingPeriod.objects.all()

    assert [(one.year, one.quarter) for one in periods.filter(status=status.OPEN)] == [(2024, 1)]
    assert periods.get(status=status.OPEN).due_on == timezone.localdate() + timedelta(days=14)
    closed = periods.filter(status=status.CLOSED)
    assert {(one.year, one.quarter) for one in closed} == {
        (year, quarter) for year in range(2019, 2024) for quarter in (1, 2, 3, 4)
    }
    planned = periods.filter(status=status.PLANNED)
    assert {(one.year, one.quarter) for one in planned} == {(2024, 2), (2024, 3), (2024, 4)}


@pytest.mark.parametrize(("days_left", "moved"), [(-400, True), (2, True), (3, False), (9, False)])
def test_loading_again_keeps_the_period_open_whatever_the_date(days_left: int, moved: bool) -> None:
    today = date(2031, 5, 6)
    due_on = today + timedelta(days=days_left)
    ReportingPeriod.objects.filter(status="open").update(due_on=due_on)

    assert load_demo(today) is False

    expected = today + timedelta(days=14) if moved else due_on
    assert ReportingPeriod.objects.get(status="open").due_on == expected


def test_loading_again_changes_nothing_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    before = contents()

    with django_assert_num_queries(2):
        assert load_demo(timezone.localdate()) is False

    assert contents() == before


def test_every_activity_has_every_closed_quarter_verified_by_somebody_else() -> None:
    past = ProgressEntry.objects.filter(period__year__lt=2024)

    assert past.count() == 30 * 20
    assert not past.exclude(status=ProgressEntry.Status.VERIFIED).exists()
    assert not past.exclude(verified_by__username="sekretariat").exists()
    assert not past.exclude(submitted_by__organization=F("activity__owner")).exists()
    assert not past.filter(verified_at__lte=F("submitted_at")).exists()
    for one in past.select_related("period")[:80]:
        quarter_end = date(one.period.year, one.period.quarter * 3, 28)
        assert one.submitted_at is not None
        assert timezone.localtime(one.submitted_at).date() > quarter_end


def test_the_open_period_holds_something_for_every_list_and_nothing_of_dinkes() -> None:
    now = ProgressEntry.objects.filter(period__status="open").select_related("activity__owner")
    states = Counter(one.status for one in now)

    assert states == {"verified": 9, "draft": 2, "returned": 1, "submitted": 1}
    assert not now.filter(activity__owner__code="dinkes").exists()
    assert now.get(status="submitted").activity.owner.code != "diskominfosandi"
    assert EntryRound.objects.get(act="returned").note
    assert now.get(status="submitted").values.filter(actual_value=None).count() == 0


def test_the_load_is_one_act_in_the_trail() -> None:
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["loaddemo"]
    assert list(broken_links()) == []


# --- refusals --------------------------------------------------------------------------------


def test_without_the_frame_nothing_is_loaded() -> None:
    purge_demo()
    Meeting.objects.update(slug="rapat-lain")

    with pytest.raises(CommandError, match="loaddata frame"):
        call_command("loaddemo", verbosity=0)


def test_a_clash_with_real_rows_loads_nothing() -> None:
    purge_demo()
    factories.make_period(2023, 4)
    before = contents()

    with pytest.raises(CommandError, match="bertabrakan"):
        call_command("loaddemo", verbosity=0)

    assert contents() == before


def test_an_answer_other_than_yes_removes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents()
    monkeypatch.setattr("builtins.input", lambda _question: "tidak")

    with pytest.raises(CommandError):
        call_command("purgedemo")

    assert contents() == before


# --- purge -----------------------------------------------------------------------------------


def test_a_purge_leaves_exactly_the_frame(frame: str) -> None:
    out = io.StringIO()

    call_command("purgedemo", "--yes", stdout=out)

    assert contents() == frame
    counts = {model.__name__: model._default_manager.count() for model in our_models()}
    rows = Counter(row["model"].rpartition(".")[2] for row in json.loads(frame))
    assert {name: number for name, number in counts.items() if number} == {
        model.__name__: rows[model._meta.model_name or ""]
        for model in our_models()
        if rows[model._meta.model_name or ""]
    }
    assert "613  isian realisasi" in out.getvalue()
    assert "Data contoh dihapus." in out.getvalue()
    verbs = list(AuditEntry.objects.values_list("verb", "details"))
    assert [verb for verb, _details in verbs] == ["loaddemo", "purgedemo"]
    assert verbs[1][1]["isian realisasi"] == 613


def our_models() -> list[Any]:
    labels = ("dimensions", "accounts", "programs", "evaluations", "reports")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]


def test_a_second_purge_finds_nothing_and_leaves_no_trace(frame: str) -> None:
    purge_demo()
    out = io.StringIO()

    call_command("purgedemo", "--yes", stdout=out)

    assert out.getvalue().strip() == "Tidak ada data contoh."
    assert AuditEntry.objects.filter(verb="purgedemo").count() == 1


def test_the_demo_can_be_loaded_again_after_a_purge(report_of_dinkes: ProgressEntry) -> None:
    purge_demo()

    assert load_demo(timezone.localdate()) is True
    assert Program.objects.count() == 24
    assert authenticate(username="opd.dinkes", password=DEMO_PASSWORD) is not None


@pytest.fixture
def report_of_dinkes() -> ProgressEntry:
    """Let a demo head hand in an entry, as a visitor of the demo would."""
    head = User.objects.get(username="opd.dinkes")
    activity = Activity.objects.get(owner__code="dinkes")
    values = {one.pk: Decimal(19) for one in activity.indicators.all()}
    entry = save_draft(
        activity,
        ReportingPeriod.objects.get(status="open"),
        EntryContent(Decimal(20), 70 * MILLION, values=values),
        version=0,
        by=head,
    )
    return submit_entry(entry, version=entry.version, by=head)


def test_what_was_done_in_the_demo_goes_and_who_did_it_is_shut_out(
    frame: str, report_of_dinkes: ProgressEntry
) -> None:
    out = io.StringIO()

    call_command("purgedemo", "--yes", stdout=out)

    kept = User.objects.get()
    assert kept.full_name == "Pengguna Demo Dinkes"
    assert not kept.is_active
    assert not kept.has_usable_password()
    assert authenticate(username=kept.username, password=DEMO_PASSWORD) is None
    assert "1 pengguna demo" in out.getvalue()
    assert AuditEntry.objects.filter(verb="submit", actor=kept).exists()
    assert list(broken_links()) == []
    assert [row for row in json.loads(contents()) if row["model"] != "accounts.user"] == json.loads(
        frame
    )


def test_files_of_demo_entries_and_reports_go_with_them(
    report_of_dinkes: ProgressEntry, django_capture_on_commit_callbacks: Captured
) -> None:
    evidence = factories.make_evidence(report_of_dinkes, by=User.objects.get(username="opd.dinkes"))
    version = make_version(User.objects.get(username="sekretariat"), has_demo_data=True)
    files = [evidence.file, version.file]
    assert all(is_stored(file) for file in files)

    with django_capture_on_commit_callbacks(execute=True):
        purge_demo()

    assert not any(is_stored(file) for file in files)
    assert not ReportJob.objects.exists()


def test_a_purge_that_fails_keeps_every_row_and_every_file(
    report_of_dinkes: ProgressEntry,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Captured,
) -> None:
    evidence = factories.make_evidence(report_of_dinkes, by=User.objects.get(username="opd.dinkes"))
    before = contents()
    monkeypatch.setattr("ambon_smartcity.demo.purge._remove_people", fail)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        purge_demo()

    assert contents() == before
    assert is_stored(evidence.file)


def is_stored(file: FieldFile) -> bool:
    return default_storage.exists(str(file.name))


def fail(*_args: object) -> None:
    raise RuntimeError


def make_version(by: User, *, has_demo_data: bool) -> ReportVersion:
    """Make a published report of the real meeting, which closes it."""
    meeting = Meeting.objects.get()
    job = ReportJob.objects.create(
        meeting=meeting, requested_by=by, hinted_at=timezone.now(), state=ReportJob.State.READY
    )
    version = ReportVersion(
        meeting=meeting,
        job=job,
        number=ReportVersion.objects.count() + 1,
        status=ReportVersion.Status.PUBLISHED,
        contents={},
        contents_sha256="0" * 64,
        sha256="0" * 64,
        size=3,
        pages=1,
        created_at=timezone.now(),
        published_by=by,
        published_at=timezone.now(),
        has_demo_data=has_demo_data,
    )
    version.file.save("laporan.pdf", ContentFile(b"pdf"))
    Meeting.objects.update(status=Meeting.Status.FINALISED)
    return version


def test_the_meeting_opens_again_when_its_only_report_goes(frame: str) -> None:
    make_version(User.objects.get(username="sekretariat"), has_demo_data=True)

    purge_demo()

    assert Meeting.objects.get().status == Meeting.Status.OPEN
    assert contents() == frame


def test_the_meeting_stays_closed_when_a_real_report_is_left() -> None:
    make_version(User.objects.get(username="sekretariat"), has_demo_data=True)
    real = make_version(real_person("sekretaris", Role.SECRETARIAT), has_demo_data=False)

    purge_demo()

    assert Meeting.objects.get().status == Meeting.Status.FINALISED
    assert ReportVersion.objects.get() == real
    assert is_stored(real.file)


def test_a_meeting_that_had_no_demo_report_is_left_as_it_is() -> None:
    Meeting.objects.update(status=Meeting.Status.FINALISED)

    purge_demo()

    assert Meeting.objects.get().status == Meeting.Status.FINALISED


def real_person(username: str, role: Role, agency: str | None = None) -> User:
    organization = Organization.objects.get(code=agency) if agency else None
    return factories.make_user(username, role, organization)


def entry_of_a_real_quarter(by: User) -> ProgressEntry:
    """Report on a real activity, which has a demo indicator, in a quarter that is no demo."""
    return factories.make_entry(
        Activity.objects.get(code="A-01"), factories.make_period(2025, 1), by=by, status="submitted"
    )


def test_a_real_entry_stays_without_the_demo_indicators_value() -> None:
    entry = entry_of_a_real_quarter(real_person("kepala", Role.HEAD, "disparbud"))
    assert entry.values.count() == 1

    purge_demo()

    entry.refresh_from_db()
    assert entry.budget_spent == 50 * MILLION
    assert not entry.values.exists()
    assert entry.period in ReportingPeriod.objects.all()


def test_an_entry_that_only_a_demo_person_wrote_goes_from_a_real_quarter_too() -> None:
    entry_of_a_real_quarter(User.objects.get(username="opd.disparbud"))

    purge_demo()

    assert not ProgressEntry.objects.exists()
    assert ReportingPeriod.objects.get().year == 2025


def own_program() -> Callable[[], bool]:
    of_demo = Program.objects.get(code="SL-01")
    program = Program.objects.create(
        masterplan=of_demo.masterplan,
        sub_dimension=of_demo.sub_dimension,
        owner=of_demo.owner,
        code="SL-90",
        title="Program resmi",
    )
    return Program.objects.filter(pk=program.pk).exists


def own_evaluation() -> Callable[[], bool]:
    meeting, member = Meeting.objects.get(), real_person("anggota", Role.COUNCIL_MEMBER)
    evaluation = factories.make_evaluation(meeting, "SL", member, scores=(3, 3, 3))
    return CriterionScore.objects.filter(evaluation=evaluation).exists


def own_indicator() -> Callable[[], bool]:
    indicator = factories.make_indicator(Activity.objects.get(code="A-10"))
    return AnnualTarget.objects.filter(indicator=indicator).exists


def own_budget() -> Callable[[], bool]:
    year = ActivityYear.objects.create(
        activity=Activity.objects.get(code="A-10"), fiscal_year=2025, budget_original=1
    )
    return ActivityYear.objects.filter(pk=year.pk).exists


@pytest.mark.parametrize("make", [own_program, own_evaluation, own_indicator, own_budget])
def test_what_is_real_stays(make: Callable[[], Callable[[], bool]]) -> None:
    still_there = make()

    purge_demo()

    assert still_there()


def test_an_indicator_that_somebody_hung_on_a_demo_activity_goes_with_it() -> None:
    factories.make_indicator(Activity.objects.get(code="SL-01.A"))

    purge_demo()

    assert not Indicator.objects.exists()
