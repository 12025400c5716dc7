"""The management pages: who enters, what is kept, what is refused, and the row in the trail."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from audit.models import AuditEntry
from evaluations.models import Meeting, Rubric
from programs.models import ReportingPeriod
from tests import factories
from tests.conftest import Cast, SignIn

# Django's own management templates read variables that are not there.
pytestmark = pytest.mark.ignore_template_errors

MANAGED = [
    "programs.reportingperiod",
    "evaluations.rubric",
    "evaluations.meeting",
]


def add_url(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_add")


def change_url(thing: Model) -> str:
    meta = thing._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])


def no_rows(*prefixes: str) -> dict[str, object]:
    """Return what a browser sends for rows below a form that nobody touched."""
    return {
        f"{prefix}-{name}": 0
        for prefix in prefixes
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }


def new_rows(prefix: str, *rows: dict[str, object]) -> dict[str, object]:
    sent = no_rows(prefix) | {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-MAX_NUM_FORMS": 1000}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


@pytest.fixture
def secretary(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.secretary)


def trail() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.values_list("verb", "object_type"))


# --- who enters ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MANAGED)
@pytest.mark.parametrize(
    ("role", "status_code"),
    [("secretary", 200), ("admin", 403), ("head", 403), ("operator", 403), ("member", 403)],
)
def test_the_secretariat_alone_adds_and_lists(
    cast: Cast, sign_in: SignIn, model: str, role: str, status_code: int
) -> None:
    client = sign_in(getattr(cast, role))

    assert client.get(add_url(model), follow=True).status_code == status_code
    listing = reverse(f"admin:{model.replace('.', '_')}_changelist")
    assert client.get(listing, follow=True).status_code == status_code


@pytest.mark.parametrize("role", ["admin", "head", "operator", "rival", "member"])
def test_nobody_else_adds_a_period_or_changes_one(cast: Cast, sign_in: SignIn, role: str) -> None:
    period = factories.make_period()
    client = sign_in(getattr(cast, role))
    sent = {"year": 2024, "quarter": 1, "status": "planned", "due_on": ""}

    client.post(add_url("programs.reportingperiod"), sent)
    client.post(change_url(period), sent)

    kept = ReportingPeriod.objects.get()
    assert (kept.year, kept.status) == (factories.YEAR, ReportingPeriod.Status.OPEN)
    assert trail() == []


def test_a_visitor_is_sent_to_sign_in(db: None) -> None:
    answer = Client().get(add_url("programs.reportingperiod"), follow=True)

    assert answer.request["PATH_INFO"] == reverse("account_login")


@pytest.mark.parametrize("role", ["secretary", "admin"])
def test_progress_entries_and_evaluations_have_no_management_page(
    cast: Cast, sign_in: SignIn, role: str
) -> None:
    client = sign_in(getattr(cast, role))

    for page in ("programs/progressentry", "programs/evidence", "evaluations/dimensionevaluation"):
        assert client.get(f"/kelola/{page}/").status_code == 404


def test_nothing_with_a_history_is_deleted_here(cast: Cast, secretary: Client) -> None:
    for thing in (factories.make_period(), factories.make_meeting()):
        url = change_url(thing).replace("/change/", "/delete/")

        assert secretary.post(url, {"post": "yes"}).status_code == 403
        assert type(thing)._default_manager.filter(pk=thing.pk).exists()


# --- periods ---------------------------------------------------------------------------------


def test_a_period_is_opened_and_closed(cast: Cast, secretary: Client) -> None:
    sent = {"year": 2024, "quarter": 1, "status": "open", "due_on": "15-04-2024"}
    secretary.post(add_url("programs.reportingperiod"), sent)
    period = ReportingPeriod.objects.get()
    assert period.is_open
    assert str(period.due_on) == "2024-04-15"

    secretary.post(change_url(period), sent | {"status": "closed"})

    period.refresh_from_db()
    assert period.status == ReportingPeriod.Status.CLOSED
    assert trail() == [
        ("add", "programs.reportingperiod"),
        ("change", "programs.reportingperiod"),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"due_on": ""}, "An open period needs a due date."),
        ({"quarter": 5}, "A quarter is 1, 2, 3 or 4."),
        ({"year": 1999}, "The year must lie between 2000 and 2100."),
        ({"year": factories.YEAR, "quarter": 4}, "This quarter already exists."),
    ],
)
def test_a_wrong_period_is_refused_with_a_sentence(
    cast: Cast, secretary: Client, wrong: dict[str, object], sentence: str
) -> None:
    factories.make_period()
    sent = {"year": 2024, "quarter": 1, "status": "open", "due_on": "15-04-2024"}

    answer = secretary.post(add_url("programs.reportingperiod"), sent | wrong)

    assert answer.status_code == 200
    assert gettext(sentence) in answer.content.decode()
    assert ReportingPeriod.objects.count() == 1


def test_a_date_is_never_read_month_first(cast: Cast, secretary: Client) -> None:
    sent = {"year": 2024, "quarter": 1, "status": "open", "due_on": "04/15/2024"}

    answer = secretary.post(add_url("programs.reportingperiod"), sent)

    assert answer.status_code == 200
    assert not ReportingPeriod.objects.exists()


# --- meetings and evaluation forms -----------------------------------------------------------


def rubric_form(*weights: str) -> dict[str, object]:
    criteria: list[dict[str, object]] = [
        {"position": number, "title": f"Kriteria {number}", "weight": weight}
        for number, weight in enumerate(weights, start=1)
    ]
    head = {"name": "Formulir", "version": 1, "scale_max": 4}
    return head | new_rows("criteria", *criteria) | no_rows("levels")


@pytest.mark.parametrize("weights", [("100",), ("60", "40"), ("33.33", "33.33", "33.34")])
def test_weights_that_total_100_make_an_evaluation_form(
    cast: Cast, secretary: Client, weights: tuple[str, ...]
) -> None:
    answer = secretary.post(add_url("evaluations.rubric"), rubric_form(*weights))

    assert answer.status_code == 302
    assert Rubric.objects.get().criteria.count() == len(weights)


@pytest.mark.parametrize(
    "weights", [(), ("60",), ("60", "39.99"), ("60", "40.01"), ("100", "0"), ("150", "-50")]
)
def test_weights_that_do_not_total_100_make_none(
    cast: Cast, secretary: Client, weights: tuple[str, ...]
) -> None:
    answer = secretary.post(add_url("evaluations.rubric"), rubric_form(*weights))

    assert answer.status_code == 200
    assert not Rubric.objects.exists()
    assert trail() == []


def test_a_form_that_was_answered_is_not_changed(cast: Cast, secretary: Client) -> None:
    meeting = factories.make_meeting(cast.agency)
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4))

    answer = secretary.post(change_url(meeting.rubric), rubric_form("100") | {"name": "Lain"})

    assert answer.status_code == 403
    meeting.rubric.refresh_from_db()
    assert meeting.rubric.name != "Lain"


def meeting_form(meeting: Meeting, **changed: object) -> dict[str, object]:
    return {
        "slug": meeting.slug,
        "title": meeting.title,
        "stage": meeting.stage,
        "held_on": "04-06-2024",
        "place": meeting.place,
        "evaluated_year": meeting.evaluated_year,
        "masterplan": meeting.masterplan_id,
        "rubric": meeting.rubric_id,
        "status": meeting.status,
        **no_rows("attendances"),
        **changed,
    }


def test_a_meeting_is_opened(cast: Cast, secretary: Client) -> None:
    meeting = factories.make_meeting(status=Meeting.Status.PLANNED)

    answer = secretary.post(change_url(meeting), meeting_form(meeting, status="open"))

    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert meeting.is_open
    assert trail() == [("change", "evaluations.meeting")]


def test_a_meeting_is_not_finalised_by_choosing_it_from_a_list(
    cast: Cast, secretary: Client
) -> None:
    meeting = factories.make_meeting()

    answer = secretary.post(change_url(meeting), meeting_form(meeting, status="finalised"))

    assert answer.status_code == 200
    meeting.refresh_from_db()
    assert meeting.is_open


def test_a_finalised_meeting_stays_as_it_is(cast: Cast, secretary: Client) -> None:
    meeting = factories.make_meeting(status=Meeting.Status.FINALISED)

    answer = secretary.post(change_url(meeting), meeting_form(meeting, title="Lain", status="open"))

    assert answer.status_code == 403
    meeting.refresh_from_db()
    assert meeting.is_finalised


def test_a_meeting_is_not_held_before_the_year_it_evaluates(cast: Cast, secretary: Client) -> None:
    meeting = factories.make_meeting()

    answer = secretary.post(change_url(meeting), meeting_form(meeting, evaluated_year=2025))

    assert answer.status_code == 200
    meeting.refresh_from_db()
    assert meeting.evaluated_year == factories.YEAR
