"""The meeting and the evaluation form as each role sees them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations.models import DimensionEvaluation, Meeting
from programs.figures import year_figures
from programs.models import Indicator, Program
from tests import factories
from tests.conftest import Cast, SignIn

MEETING = "/rapat/rakor/"
FORM = "/rapat/rakor/dimensi/SL/evaluasi/"


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    meeting = factories.make_meeting(cast.agency)
    period = factories.make_period()
    for owner in (cast.agency, cast.rival_agency):
        factories.make_entry(
            factories.make_activity(owner), period, status="verified", by=cast.head,
            verified_by=cast.secretary,
        )  # fmt: skip
    return meeting


def answer(meeting: Meeting, *scores: int, **fields: Any) -> dict[str, Any]:
    chosen = {
        f"score_{one.pk}": score
        for one, score in zip(meeting.rubric.criteria.all(), scores, strict=False)
    }
    return chosen | {"version": 0, "comment": "", "recommendation": "Lanjutkan."} | fields


@pytest.mark.parametrize(
    ("role", "status"),
    [("secretary", 200), ("member", 200), ("head", 200), ("rival", 404), ("admin", 404)],
)
def test_a_meeting_is_seen_by_the_council_the_secretariat_and_the_invited(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, status: int
) -> None:
    assert sign_in(getattr(cast, role)).get(MEETING).status_code == status


def test_the_page_shows_the_figures_of_the_whole_city(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    page = sign_in(cast.member).get(MEETING)

    assert page.context["figures"] == year_figures(Program.objects.all(), 2023)
    assert "80,00%" in page.content.decode()


@pytest.mark.parametrize("path", [MEETING, "/rapat/rakor/dimensi/SL/"])
def test_an_invited_agency_sees_its_own_programmes_and_no_word_of_another_agency(
    cast: Cast, meeting: Meeting, sign_in: SignIn, path: str
) -> None:
    Program.objects.filter(owner=cast.agency).update(title="milik sendiri")
    Program.objects.filter(owner=cast.rival_agency).update(title="rahasia saingan")
    Indicator.objects.filter(activity__owner=cast.rival_agency).update(name="rahasia saingan")

    page = sign_in(cast.head).get(path).content.decode()

    assert "milik sendiri" in page
    assert "rahasia saingan" not in page


def test_a_member_scores_a_dimension_and_hands_it_in(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    page = sign_in(cast.member).post(FORM, answer(meeting, 3, 4, submit="1"))

    saved = DimensionEvaluation.objects.get()
    assert page.status_code == 302
    assert (saved.status, saved.member) == ("submitted", cast.member)


@pytest.mark.parametrize(("role", "status"), [("secretary", 403), ("head", 403), ("rival", 404)])
def test_nobody_but_a_member_scores(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, status: int
) -> None:
    browser = sign_in(getattr(cast, role))

    assert browser.get(FORM).status_code == status
    assert browser.post(FORM, answer(meeting, 3, 4)).status_code == status
    assert not DimensionEvaluation.objects.exists()


@pytest.mark.parametrize("path", ["/rapat/lain/dimensi/SL/evaluasi/", MEETING + "dimensi/XX/"])
def test_what_does_not_exist_is_not_found(
    cast: Cast, meeting: Meeting, sign_in: SignIn, path: str
) -> None:
    assert sign_in(cast.member).get(path).status_code == 404


@pytest.mark.parametrize("path", [MEETING, "/rapat/", "/rapat/rakor/dimensi/SL/"])
def test_pages_that_only_show_take_no_post(
    cast: Cast, meeting: Meeting, sign_in: SignIn, path: str
) -> None:
    assert sign_in(cast.member).post(path).status_code == 405


@pytest.mark.parametrize(
    "broken",
    [
        {"scores": (3, 5)},
        {"scores": (0, 3)},
        {"scores": (3,)},
        {"scores": (3, 4), "recommendation": ""},
    ],
)
def test_a_wrong_or_missing_score_is_named_and_the_words_stay(
    cast: Cast, meeting: Meeting, sign_in: SignIn, broken: dict[str, Any]
) -> None:
    scores = broken.pop("scores")
    typed = answer(meeting, *scores, comment="kata yang tidak boleh hilang", submit="1") | broken

    page = sign_in(cast.member).post(FORM, typed)

    assert page.status_code == 422
    assert "kata yang tidak boleh hilang" in page.content.decode()
    assert page.context["form"].errors
    assert not DimensionEvaluation.objects.exists()


def test_a_second_phone_gets_both_texts_and_may_then_save(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.member)
    browser.post(FORM, answer(meeting, 3, comment="dari pertama"))

    page = browser.post(FORM, answer(meeting, 4, comment="dari kedua"))

    text = page.content.decode()
    assert page.status_code == 409
    assert "dari pertama" in text
    assert "dari kedua" in text
    version = page.context["form"]["version"].value()
    browser.post(FORM, answer(meeting, 4, comment="dari kedua", version=version))
    assert DimensionEvaluation.objects.get().comment == "dari kedua"


def test_after_the_meeting_is_final_the_form_answers_409_and_gives_the_text_back(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    Meeting.objects.update(status="finalised")

    page = sign_in(cast.member).post(FORM, answer(meeting, 3, 4, comment="terlambat sedikit"))

    assert page.status_code == 409
    assert "terlambat sedikit" in page.content.decode()


def test_members_never_see_each_others_answers(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    factories.make_evaluation(
        meeting, "SL", cast.other_member, scores=(1, 1), comment="KATARAHASIA",
        recommendation="KATARAHASIA",
    )  # fmt: skip
    browser = sign_in(cast.member)

    for path in ("/", MEETING, FORM, "/rapat/rakor/dimensi/SL/", "/laporan/"):
        assert "KATARAHASIA" not in browser.get(path).content.decode()


def test_the_pages_ask_the_database_no_more_with_ten_times_the_rows(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    counts = []
    for more in (0, 20):
        for _ in range(more):
            factories.make_entry(
                factories.make_activity(cast.agency, indicators=2), factories.make_period(),
                status="verified", by=cast.head, verified_by=cast.secretary,
            )  # fmt: skip
        for person, path in (
            (cast.member, MEETING),
            (cast.secretary, MEETING),
            (cast.head, MEETING),
            (cast.member, FORM),
        ):
            browser = sign_in(person)
            with CaptureQueriesContext(connection) as queries:
                browser.get(path)
            counts.append(len(queries))

    assert counts[:4] == counts[4:]
    assert max(counts) <= 15
