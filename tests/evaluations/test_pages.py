"""The meeting and the evaluation form as each role sees them."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import User
from ambon_smartcity.http import OWNER_SALT
from dimensions.models import Organization
from evaluations.models import Criterion, CriterionScore, DimensionEvaluation, Meeting
from programs.models import (
    Activity,
    ActivityYear,
    Indicator,
    Program,
    ProgressEntry,
)
from tests import factories
from tests.conftest import Cast, SignIn

MEETING = "/rapat/rakor/"
DIMENSION = "/rapat/rakor/dimensi/SL/"
FORM = "/rapat/rakor/dimensi/SL/evaluasi/"
EVERY_PAGE = ["/", "/rapat/", MEETING, DIMENSION, "/rapat/rakor/dimensi/SS/", "/laporan/"]


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Both agencies have a verified programme; one of them is invited."""
    meeting = factories.make_meeting(cast.agency)
    factories.make_dimension("SS")
    for owner in (cast.agency, cast.rival_agency):
        report(cast, owner)
    return meeting


def report(
    cast: Cast,
    owner: Organization,
    *,
    program: Program | None = None,
    dimension: str = "SL",
    actual: str = "80",
    spent: int = 50_000_000,
    status: str = "verified",
) -> Program:
    """Let an agency report on one indicator of a programme that aims at 100."""
    program = program or factories.make_program(owner, dimension=dimension)
    factories.make_entry(
        factories.make_activity(owner, program=program), factories.make_period(), status=status,
        by=cast.head, verified_by=cast.secretary if status == "verified" else None,
        actual=actual, spent=spent,
    )  # fmt: skip
    return program


def answer(meeting: Meeting, *scores: int | str, **fields: Any) -> dict[str, Any]:
    chosen = {
        f"score_{one.pk}": score
        for one, score in zip(meeting.rubric.criteria.all(), scores, strict=False)
    }
    return chosen | {"version": 0, "comment": "", "recommendation": "Lanjutkan."} | fields


def text_of(page: Any) -> str:
    content = page.content.decode()
    assert isinstance(content, str)
    return content


# --- who sees the meeting --------------------------------------------------------------------


@pytest.mark.parametrize("path", [MEETING, DIMENSION])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretary", 200),
        ("member", 200),
        ("head", 200),
        ("operator", 200),
        ("rival", 404),
        ("admin", 404),
    ],
)
def test_a_meeting_is_seen_by_the_council_the_secretariat_and_the_invited(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, status: int, path: str
) -> None:
    assert sign_in(getattr(cast, role)).get(path).status_code == status


@pytest.mark.parametrize(("role", "listed"), [("member", True), ("head", True), ("rival", False)])
def test_the_list_names_the_meetings_a_person_may_see(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, listed: bool
) -> None:
    page = sign_in(getattr(cast, role)).get("/rapat/")

    assert (MEETING in text_of(page)) is listed


@pytest.mark.parametrize("path", [MEETING, "/rapat/", DIMENSION, FORM])
def test_a_visitor_is_sent_to_sign_in(meeting: Meeting, client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/akun/masuk/?next=")


@pytest.mark.parametrize(
    "path",
    [
        "/rapat/lain/",
        "/rapat/lain/dimensi/SL/",
        "/rapat/lain/dimensi/SL/evaluasi/",
        "/rapat/rakor/dimensi/XX/",
        "/rapat/rakor/dimensi/XX/evaluasi/",
        "/rapat/rakor/dimensi/sl/evaluasi/",
    ],
)
def test_what_does_not_exist_is_not_found(
    cast: Cast, meeting: Meeting, sign_in: SignIn, path: str
) -> None:
    browser = sign_in(cast.member)

    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", [MEETING, "/rapat/", DIMENSION])
def test_pages_that_only_show_take_no_post(
    cast: Cast, meeting: Meeting, sign_in: SignIn, path: str
) -> None:
    assert sign_in(cast.member).post(path).status_code == 405


# --- what the meeting shows ------------------------------------------------------------------


@pytest.mark.parametrize("role", ["member", "secretary"])
def test_the_citys_figures_are_those_worked_by_hand(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str
) -> None:
    # SL: (80 + 100) / 2 = 90 and 80 make 85; SS: 50. City: (90 + 80 + 50) / 3, or (85 + 50) / 2.
    # 120 % counts as 100. What is not verified adds its budget alone: 220 of 500 million.
    own = Program.objects.get(owner=cast.agency)
    report(cast, cast.agency, program=own, actual="120", spent=70_000_000)
    report(cast, cast.rival_agency, dimension="SS", actual="50")
    report(cast, cast.agency, dimension="SS", actual="99", spent=99_000_000, status="submitted")

    page = text_of(sign_in(getattr(cast, role)).get(MEETING))

    for figure in ("73,33%", "67,50%", "85,00%", "50,00%", "Rp 220.000.000", "Rp 500.000.000"):
        assert figure in page, figure
    assert "44,00%" in page


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("role", ["head", "operator"])
def test_an_invited_agency_finds_no_word_and_no_number_of_another_agency(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, path: str
) -> None:
    theirs = {"owner": cast.rival_agency}
    report(cast, cast.rival_agency, dimension="SS", actual="77.77", spent=98_765_432)
    Program.objects.filter(**theirs).update(title="RAHASIA")
    Activity.objects.filter(**theirs).update(title="RAHASIA")
    Indicator.objects.filter(activity__owner=cast.rival_agency).update(
        name="RAHASIA", unit="RAHASIA"
    )
    ActivityYear.objects.filter(activity__owner=cast.rival_agency).update(
        budget_original=987_654_321
    )
    ProgressEntry.objects.filter(activity__owner=cast.rival_agency).update(
        obstacles="RAHASIA", follow_up="RAHASIA"
    )

    page = text_of(sign_in(getattr(cast, role)).get(path))

    for marker in ("RAHASIA", "77,77", "98.765.432", "987.654.321", "1.975.308.642"):
        assert marker not in page


def test_an_invited_agency_sees_its_own_programmes(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    Program.objects.filter(owner=cast.agency).update(title="Milik Sendiri")

    for path in (MEETING, DIMENSION):
        page = text_of(sign_in(cast.head).get(path))
        assert "Milik Sendiri" in page
        assert "80,00%" in page


def test_an_invited_agency_without_programmes_is_told_so_and_sees_no_figure(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    meeting.organizations.set([cast.rival_agency])
    for activity in Activity.objects.filter(owner=cast.rival_agency):
        activity.entries.all().delete()
        Activity.objects.filter(pk=activity.pk).update(program=None)
    Program.objects.filter(owner=cast.rival_agency).delete()

    page = sign_in(cast.rival).get(MEETING)

    assert page.status_code == 200
    assert "%" not in re.sub(r"<[^>]*>", "", text_of(page))


def test_whoever_runs_the_meeting_sees_how_many_answers_are_in_and_a_member_does_not(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4))
    factories.make_evaluation(meeting, "SL", cast.other_member, scores=(3, 4), status="draft")

    assert sign_in(cast.secretary).get(MEETING).context["handed_in"] == {"SL": 1, "SS": 0}
    assert sign_in(cast.member).get(MEETING).context["handed_in"] == {}


@pytest.mark.parametrize(
    ("role", "offered"), [("secretary", True), ("member", False), ("head", False)]
)
def test_only_the_secretariat_is_offered_to_make_the_report(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, offered: bool
) -> None:
    page = text_of(sign_in(getattr(cast, role)).get(MEETING))

    assert ("/rapat/rakor/buat-laporan/" in page) is offered


# --- the evaluation form ---------------------------------------------------------------------


def test_a_member_scores_a_dimension_and_hands_it_in(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    page = sign_in(cast.member).post(FORM, answer(meeting, 3, 4, comment="Baik", submit="1"))

    saved = DimensionEvaluation.objects.get()
    assert (page.status_code, page["Location"]) == (302, MEETING)
    assert (saved.status, saved.member, saved.comment) == ("submitted", cast.member, "Baik")
    assert list(saved.scores.values_list("criterion__title", "score")) == [
        ("Integrasi", 3),
        ("Partisipasi", 4),
    ]


def test_a_draft_may_be_incomplete_and_is_there_again(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)

    sent = browser.post(FORM, answer(meeting, 3, comment="Setengah", recommendation=""))

    page = text_of(browser.get(FORM))
    assert (sent.status_code, sent["Location"]) == (302, FORM)
    assert DimensionEvaluation.objects.get().status == "draft"
    assert "Setengah" in page
    assert chosen_in(page) == {name_of(meeting, 1): "3"}


@pytest.mark.parametrize(("role", "status"), [("secretary", 403), ("head", 403), ("rival", 404)])
def test_nobody_but_a_member_scores(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, status: int
) -> None:
    browser = sign_in(getattr(cast, role))

    assert browser.get(FORM).status_code == status
    assert browser.post(FORM, answer(meeting, 3, 4, submit="1")).status_code == status
    assert not DimensionEvaluation.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_form_takes_get_and_post_alone(
    cast: Cast, meeting: Meeting, sign_in: SignIn, method: str
) -> None:
    browser = sign_in(cast.member)

    assert getattr(browser, method)(FORM).status_code == 405


@pytest.mark.parametrize("score", ["0", "5", "-1", "2.5", "٣", "1e0", "x", "3 "])
@pytest.mark.parametrize("button", ["draft", "submit"])
def test_a_score_that_is_not_on_the_scale_is_refused_by_its_criterions_name(
    cast: Cast, meeting: Meeting, sign_in: SignIn, score: str, button: str
) -> None:
    typed = answer(meeting, 3, score, comment="kata yang tidak boleh hilang", **{button: "1"})

    page = sign_in(cast.member).post(FORM, typed)

    assert page.status_code == 422
    assert named_in(page) == ["Partisipasi"]
    assert "kata yang tidak boleh hilang" in text_of(page)
    assert chosen_in(text_of(page)) == {name_of(meeting, 1): "3"}
    assert not DimensionEvaluation.objects.exists()


def test_a_missing_score_or_recommendation_is_named_when_handing_in(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    typed = answer(meeting, 3, comment="tetap ada", recommendation="", submit="1")

    page = sign_in(cast.member).post(FORM, typed)

    with override("id"):
        recommendation = str(page.context["form"]["recommendation"].label)
    assert page.status_code == 422
    assert sorted(named_in(page)) == sorted(["Partisipasi", recommendation])
    assert "tetap ada" in text_of(page)
    assert not DimensionEvaluation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("comment", "a\x00b"), ("comment", "a" * 10_001), ("version", "-1"), ("version", "x")],
)
def test_a_text_that_cannot_be_kept_or_a_broken_form_is_422_and_saves_nothing(
    cast: Cast, meeting: Meeting, sign_in: SignIn, field: str, value: str
) -> None:
    typed = answer(meeting, 3, 4, recommendation="tetap ada", submit="1") | {field: value}

    page = sign_in(cast.member).post(FORM, typed)

    assert page.status_code == 422
    assert "tetap ada" in text_of(page)
    assert not DimensionEvaluation.objects.exists()


def test_a_score_for_another_forms_criterion_is_not_taken(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    foreign = Criterion.objects.create(
        rubric=factories.make_rubric(), position=3, title="Asing", weight=1
    )

    sign_in(cast.member).post(FORM, answer(meeting, 3, 4, **{f"score_{foreign.pk}": 4}))

    assert not CriterionScore.objects.filter(criterion=foreign).exists()
    assert CriterionScore.objects.count() == 2


def test_what_a_member_typed_is_shown_as_typed(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    hostile = "<script>alert(1)</script> {{ 7|add:7 }} </textarea>"
    browser = sign_in(cast.member)
    browser.post(FORM, answer(meeting, 3, 4, comment=hostile))

    page = text_of(browser.get(FORM))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }} &lt;/textarea&gt;" in page
    assert "<script>alert" not in page


# --- two phones, a closed meeting, an ended session ------------------------------------------


@pytest.mark.parametrize("button", ["draft", "submit"])
def test_a_second_phone_gets_both_texts_and_may_then_save(
    cast: Cast, meeting: Meeting, sign_in: SignIn, button: str
) -> None:
    browser = sign_in(cast.member)
    browser.post(FORM, answer(meeting, 3, 3, comment="dari pertama"))
    typed = answer(meeting, 4, 4, comment="dari kedua", **{button: "1"})

    page = browser.post(FORM, typed)

    assert page.status_code == 409
    assert "dari pertama" in text_of(page)
    assert "dari kedua" in text_of(page)
    assert set(chosen_in(text_of(page)).values()) == {"4"}
    assert DimensionEvaluation.objects.get().comment == "dari pertama"
    again = browser.post(FORM, typed | {"version": page.context["form"]["version"].value()})
    assert again.status_code == 302
    assert DimensionEvaluation.objects.get().comment == "dari kedua"


def test_the_same_hand_in_sent_twice_is_one_and_both_get_the_same_answer(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)
    typed = answer(meeting, 3, 4, submit="1")

    first, second = browser.post(FORM, typed), browser.post(FORM, typed)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert DimensionEvaluation.objects.get().version == 1


def test_who_is_told_it_was_handed_in_has_handed_it_in(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)
    browser.post(FORM, answer(meeting, 3, 4, draft="1"))

    told = browser.post(FORM, answer(meeting, 3, 4, submit="1"))

    assert (told.status_code, told["Location"]) == (302, MEETING)
    assert DimensionEvaluation.objects.get().status == "submitted"


@pytest.mark.parametrize("status", ["planned", "finalised"])
def test_a_meeting_that_is_not_open_answers_409_with_a_reason_and_gives_the_text_back(
    cast: Cast, meeting: Meeting, sign_in: SignIn, status: str
) -> None:
    Meeting.objects.update(status=status)
    browser = sign_in(cast.member)

    page = browser.post(FORM, answer(meeting, 3, 4, comment="terlambat sedikit", submit="1"))

    assert page.status_code == 409
    assert page.context["reason"]
    assert page.context["reason"] in text_of(page)
    assert "terlambat sedikit" in text_of(page)
    assert browser.get(FORM).status_code == 409
    assert not DimensionEvaluation.objects.exists()


def sign_in_by_hand(browser: Client, user: User, *, then: str) -> Any:
    user.set_password("kata sandi yang panjang")
    user.save()
    return browser.post(
        f"/akun/masuk/?next={then}",
        {"login": user.username, "password": "kata sandi yang panjang", "next": then},
    )


def owner_mark(page: str) -> str:
    return str(re.findall(r'name="form_owner" value="([^"]+)"', page)[0])


def test_what_was_typed_when_the_session_had_ended_comes_back_after_signing_in(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)
    mark = owner_mark(text_of(browser.get(FORM)))
    Session.objects.all().delete()

    sent = browser.post(
        FORM, answer(meeting, 2, 4, comment="ditulis di ruang rapat", form_owner=mark, submit="1")
    )
    sign_in_by_hand(browser, cast.member, then=FORM)
    page = text_of(browser.get(FORM))

    assert sent["Location"] == f"/akun/masuk/?next={FORM.replace('/', '%2F')}"
    assert "ditulis di ruang rapat" in page
    assert sorted(chosen_in(page).values()) == ["2", "4"]
    assert not DimensionEvaluation.objects.exists()


def test_what_was_typed_comes_back_even_when_the_meeting_closed_before_signing_in_again(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)
    mark = owner_mark(text_of(browser.get(FORM)))
    Session.objects.all().delete()
    browser.post(FORM, answer(meeting, 2, 4, comment="ditulis di ruang rapat", form_owner=mark))
    Meeting.objects.update(status="finalised")

    sign_in_by_hand(browser, cast.member, then=FORM)
    page = browser.get(FORM)

    assert page.status_code == 409
    assert "ditulis di ruang rapat" in text_of(page)


def test_what_was_typed_is_not_shown_to_another_member_who_signs_in_on_the_same_phone(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)
    mark = owner_mark(text_of(browser.get(FORM)))
    assert signing.loads(mark, salt=OWNER_SALT) == cast.member.pk
    Session.objects.all().delete()
    browser.post(FORM, answer(meeting, 2, 4, comment="RAHASIA", form_owner=mark))

    sign_in_by_hand(browser, cast.other_member, then=FORM)

    assert "RAHASIA" not in text_of(browser.get(FORM))


# --- nobody sees another member's answer -----------------------------------------------------


@pytest.mark.parametrize("path", [*EVERY_PAGE, FORM])
@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_members_never_see_each_others_answers(
    cast: Cast, meeting: Meeting, sign_in: SignIn, status: str, path: str
) -> None:
    factories.make_evaluation(
        meeting, "SL", cast.other_member, scores=(1, 1), status=status, comment="RAHASIA",
        recommendation="RAHASIA",
    )  # fmt: skip

    page = sign_in(cast.member).get(path)

    assert page.status_code == 200
    assert "RAHASIA" not in text_of(page)
    assert chosen_in(text_of(page)) == {}


@pytest.mark.parametrize("role", ["secretary", "head", "operator"])
@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_draft_is_its_writers_alone(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, path: str
) -> None:
    factories.make_evaluation(
        meeting, "SL", cast.member, scores=(1, 1), status="draft", comment="RAHASIA",
        recommendation="RAHASIA",
    )  # fmt: skip

    assert "RAHASIA" not in text_of(sign_in(getattr(cast, role)).get(path))


def test_a_conflict_never_shows_another_members_text(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    factories.make_evaluation(meeting, "SL", cast.other_member, scores=(1, 1), comment="RAHASIA")
    browser = sign_in(cast.member)
    browser.post(FORM, answer(meeting, 3, comment="milikku"))

    page = browser.post(FORM, answer(meeting, 4, comment="lain"))

    assert page.status_code == 409
    assert "milikku" in text_of(page)
    assert "RAHASIA" not in text_of(page)


# --- speed -----------------------------------------------------------------------------------


def test_the_pages_ask_the_database_no_more_with_ten_times_the_rows(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    counts = []
    for more in (0, 20):
        for _ in range(more):
            report(cast, cast.agency)
        for person, path in (
            (cast.member, MEETING),
            (cast.secretary, MEETING),
            (cast.head, MEETING),
            (cast.member, FORM),
            (cast.member, DIMENSION),
        ):
            browser = sign_in(person)
            with CaptureQueriesContext(connection) as queries:
                browser.get(path)
            counts.append(len(queries))

    assert counts[:5] == counts[5:]
    assert max(counts) <= 20


# --- reading a page --------------------------------------------------------------------------


def name_of(meeting: Meeting, position: int) -> str:
    return f"score_{meeting.rubric.criteria.get(position=position).pk}"


def chosen_in(page: str) -> dict[str, str]:
    """Return field name -> value of every radio button that is on."""
    radios = [tag for tag in re.findall(r"<input[^>]+>", page) if 'type="radio"' in tag]
    return {
        re.findall(r'name="([^"]+)"', tag)[0]: re.findall(r'value="([^"]+)"', tag)[0]
        for tag in radios
        if "checked" in tag
    }


def named_in(page: Any) -> list[str]:
    """Return the fields that the box above the form names."""
    box = re.findall(r'<div class="panel panel--error".*?</div>', text_of(page), re.DOTALL)[0]
    return re.findall(r"<a [^>]*>([^<]+)</a>", box)
