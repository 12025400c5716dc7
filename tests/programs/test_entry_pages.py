"""The entry form, its check before the hand-in, and files: nothing typed is ever dropped."""

from html.parser import HTMLParser

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from ambon_smartcity.http import form_owner
from audit.models import AuditEntry
from programs.models import Activity, Evidence, ProgressEntry, ReportingPeriod
from tests import factories
from tests.conftest import Cast, SignIn

Status = ProgressEntry.Status
PASSWORD = "kata-sandi-yang-panjang"


class FormReader(HTMLParser):
    """Reads the page's form like a browser does: each field's name and what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name")
        if name is None or told.get("type") in {"checkbox", "file"}:
            return
        if tag == "input":
            self.fields[name] = told.get("value") or ""
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = None


def fields_of(page: bytes) -> dict[str, str]:
    reader = FormReader()
    reader.feed(page.decode())
    for of_the_frame in ("csrfmiddlewaretoken", "next", "language"):
        reader.fields.pop(of_the_frame, None)
    return reader.fields


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return factories.make_activity(cast.agency)


@pytest.fixture
def period(db: None) -> ReportingPeriod:
    return factories.make_period()


@pytest.fixture
def form_url(activity: Activity, period: ReportingPeriod) -> str:
    return reverse("programs:edit-entry", args=[activity.pk, period.pk])


@pytest.fixture
def draft(cast: Cast, activity: Activity, period: ReportingPeriod) -> ProgressEntry:
    return factories.make_entry(activity, period, by=cast.operator)


@pytest.fixture
def verified(cast: Cast, activity: Activity, period: ReportingPeriod) -> ProgressEntry:
    return factories.make_entry(
        activity, period, status=Status.VERIFIED, by=cast.head, verified_by=cast.secretary
    )


def filled(activity: Activity, **changed: object) -> dict[str, object]:
    """Return what a browser sends for a complete entry, as people type it."""
    values = {f"value_{one.pk}": "82,5" for one in activity.indicators.all()}
    return {
        "version": "0",
        "physical_progress_pct": "60,25%",
        "budget_spent": "Rp 50.000.000",
        "obstacles": "Hujan tiga minggu.",
        "follow_up": "Lembur.",
        **values,
        **changed,
    }


def an_upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- filling in ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["operator", "head", "secretary"])
def test_an_entry_is_saved_as_it_was_meant(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, role: str
) -> None:
    answer = sign_in(getattr(cast, role)).post(form_url, filled(activity))

    assert answer.status_code == 302
    assert answer["Location"] == form_url
    entry = ProgressEntry.objects.get()
    assert str(entry.physical_progress_pct) == "60.25"
    assert entry.budget_spent == 50_000_000
    assert entry.obstacles == "Hujan tiga minggu."
    assert [str(one.actual_value) for one in entry.values.all()] == ["82.5000"]
    assert entry.entered_on_behalf == (role == "secretary")
    assert AuditEntry.objects.get().actor == getattr(cast, role)


def test_the_form_shows_back_what_it_understood(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    client = sign_in(cast.operator)
    client.post(form_url, filled(activity, budget_spent="1.234"))

    shown = fields_of(client.get(form_url).content)

    assert shown["budget_spent"] == "1.234"
    assert shown["physical_progress_pct"] == "60,25"
    assert shown["obstacles"] == "Hujan tiga minggu."


def test_what_the_form_shows_can_be_sent_back_unchanged(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, form_url: str
) -> None:
    client = sign_in(cast.operator)

    answer = client.post(form_url, fields_of(client.get(form_url).content))

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (str(draft.physical_progress_pct), draft.budget_spent) == ("60.00", 50_000_000)


def test_a_draft_may_be_left_empty(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    answer = sign_in(cast.operator).post(form_url, {"version": "0", "draft": "1"})

    assert answer.status_code == 302
    entry = ProgressEntry.objects.get()
    assert (entry.status, entry.budget_spent) == (Status.DRAFT, None)


def test_texts_of_any_script_come_back_literally(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    text = "<script>alert(1)</script> {{ user }} é 🎵 مرحبا & “kutip”"
    client = sign_in(cast.operator)
    client.post(form_url, filled(activity, obstacles=text))

    page = client.get(form_url).content

    assert b"<script>alert" not in page
    assert fields_of(page)["obstacles"] == text


@pytest.mark.parametrize("role", ["rival", "member", "admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_form_does_not_exist(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, role: str, method: str
) -> None:
    answer = getattr(sign_in(getattr(cast, role)), method)(form_url, filled(activity))

    assert answer.status_code == 404
    assert not ProgressEntry.objects.exists()


def test_a_year_without_a_budget_has_no_form(
    cast: Cast, sign_in: SignIn, activity: Activity
) -> None:
    other_year = factories.make_period(year=2022)
    url = reverse("programs:edit-entry", args=[activity.pk, other_year.pk])

    assert sign_in(cast.operator).get(url).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_form_knows_reading_and_sending_only(
    cast: Cast, sign_in: SignIn, form_url: str, method: str
) -> None:
    assert getattr(sign_in(cast.operator), method)(form_url).status_code == 405


BAD_INPUT = [
    ("physical_progress_pct", "1.2.3"),
    ("physical_progress_pct", "100,01"),
    ("physical_progress_pct", "-1"),
    ("physical_progress_pct", "12,345"),
    ("budget_spent", "1.2.3"),
    ("budget_spent", "1_000"),
    ("budget_spent", "12,5"),
    ("budget_spent", "-5"),
    ("budget_spent", "9" * 50),
    ("budget_spent", "9" * 400),
    ("budget_spent", "½"),
    ("budget_spent", "nihil"),
    ("value", "1e5"),
    ("value", "NaN"),
    ("value", "-0,5"),
    ("value", "1,23456"),
    ("obstacles", "a" * 10_001),
    ("obstacles", "a\x00b"),
]


@pytest.mark.parametrize(("field", "typed"), BAD_INPUT)
def test_bad_input_is_named_and_everything_typed_stays(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, field: str, typed: str
) -> None:
    indicator = activity.indicators.get()
    name = f"value_{indicator.pk}" if field == "value" else field
    sent = filled(activity, follow_up="Teks yang panjang.") | {name: typed}

    answer = sign_in(cast.operator).post(form_url, sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]
    page = answer.content.decode()
    assert f'href="#id_{name}"' in page
    shown = fields_of(answer.content)
    assert shown["follow_up"] == "Teks yang panjang."
    assert shown[name].replace("\x00", "") == typed.replace("\x00", "")
    assert not ProgressEntry.objects.exists()


def test_the_refusal_of_a_number_quotes_it(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    answer = sign_in(cast.operator).post(form_url, filled(activity, budget_spent="1.2.3"))

    assert "“1.2.3”" in answer.context["form"].errors["budget_spent"][0]


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_a_form_without_its_version_is_not_saved(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, version: str
) -> None:
    answer = sign_in(cast.operator).post(form_url, filled(activity, version=version))

    assert answer.status_code == 422
    assert not ProgressEntry.objects.exists()


# --- a state that forbids it -----------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.VERIFIED])
def test_the_form_of_an_entry_that_went_in_leads_to_the_entry(
    cast: Cast,
    sign_in: SignIn,
    activity: Activity,
    period: ReportingPeriod,
    form_url: str,
    status: Status,
) -> None:
    verifier = cast.secretary if status == Status.VERIFIED else None
    entry = factories.make_entry(
        activity, period, status=status, by=cast.head, verified_by=verifier
    )

    answer = sign_in(cast.operator).get(form_url)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("programs:view-entry", args=[entry.pk])


def test_what_is_sent_into_a_verified_entry_is_refused_and_given_back(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry, activity: Activity, form_url: str
) -> None:
    answer = sign_in(cast.operator).post(
        form_url, filled(activity, obstacles="Kalimat panjang yang diketik di ponsel.")
    )

    assert answer.status_code == 409
    page = answer.content.decode()
    assert verified.get_status_display().lower() in page
    assert "Kalimat panjang yang diketik di ponsel." in page
    assert "50.000.000" in page
    verified.refresh_from_db()
    assert (verified.obstacles, verified.version) == ("", 1)


def test_even_bad_input_into_a_verified_entry_is_told_of_the_state(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry, activity: Activity, form_url: str
) -> None:
    answer = sign_in(cast.operator).post(form_url, filled(activity, budget_spent="1.2.3"))

    assert answer.status_code == 409
    assert "1.2.3" in answer.content.decode()


@pytest.mark.parametrize("status", ["planned", "closed"])
def test_what_is_sent_into_a_period_that_is_not_open_is_refused_and_given_back(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, status: str
) -> None:
    ReportingPeriod.objects.update(status=status)

    answer = sign_in(cast.operator).post(form_url, filled(activity))

    assert answer.status_code == 409
    assert "Hujan tiga minggu." in answer.content.decode()
    assert not ProgressEntry.objects.exists()


def test_no_empty_form_is_offered_for_a_period_that_is_not_open(
    cast: Cast, sign_in: SignIn, form_url: str
) -> None:
    ReportingPeriod.objects.update(status=ReportingPeriod.Status.CLOSED)

    assert sign_in(cast.operator).get(form_url).status_code == 409


# --- two people at one entry -----------------------------------------------------------------


def test_two_writers_see_both_texts_and_saving_again_works(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, form_url: str
) -> None:
    operator, head = sign_in(cast.operator), sign_in(cast.head)
    opened_by_head = fields_of(head.get(form_url).content)
    opened_by_operator = fields_of(operator.get(form_url).content)
    operator.post(form_url, opened_by_operator | {"obstacles": "Tulisan operator."})

    conflict = head.post(form_url, opened_by_head | {"obstacles": "Tulisan kepala."})

    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "Tulisan operator." in page
    reopened = fields_of(conflict.content)
    assert reopened["obstacles"] == "Tulisan kepala."
    draft.refresh_from_db()
    assert draft.obstacles == "Tulisan operator."

    again = head.post(form_url, reopened)

    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.obstacles == "Tulisan kepala."


def test_a_double_click_is_one_save(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    client = sign_in(cast.operator)
    answers = [client.post(form_url, filled(activity)) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ProgressEntry.objects.get().version == 1
    assert AuditEntry.objects.count() == 1


# --- a session that ended while somebody typed -----------------------------------------------


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def type_after_the_session_ended(client: Client, form_url: str) -> str:
    """Open the form, let the session end, send the form; return the address it leads to."""
    typed = fields_of(client.get(form_url).content)
    client.logout()
    answer = client.post(form_url, typed | {"obstacles": "Diketik saat sesi berakhir."})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_what_was_typed_is_offered_again_after_signing_in(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    client = sign_in(with_password(cast.operator))
    address = type_after_the_session_ended(client, form_url)
    assert address.startswith(reverse("account_login"))
    assert not ProgressEntry.objects.exists()

    form = client.get(address)
    page = client.post(
        reverse("account_login"),
        {"login": "operator", "password": PASSWORD, "next": fields_of_login(form.content)["next"]},
        follow=True,
    )

    assert page.redirect_chain[-1][0] == form_url
    offered = fields_of(page.content)
    assert offered["obstacles"] == "Diketik saat sesi berakhir."
    assert client.post(form_url, offered).status_code == 302
    assert ProgressEntry.objects.get().obstacles == "Diketik saat sesi berakhir."


def fields_of_login(page: bytes) -> dict[str, str]:
    reader = FormReader()
    reader.feed(page.decode().partition('method="post" action="/akun/masuk/"')[2])
    return reader.fields


def test_what_was_typed_is_offered_once(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    client = sign_in(cast.operator)
    type_after_the_session_ended(client, form_url)
    client.force_login(cast.operator)
    client.get(form_url)

    assert fields_of(client.get(form_url).content)["obstacles"] == ""


def test_somebody_else_at_the_same_phone_does_not_get_the_text(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    client = sign_in(cast.operator)
    type_after_the_session_ended(client, form_url)
    client.force_login(cast.head)

    assert "Diketik saat sesi berakhir." not in client.get(form_url).content.decode()


def test_a_form_whose_key_has_expired_comes_back_with_its_text(
    cast: Cast, activity: Activity, form_url: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator)
    typed = fields_of(client.get(form_url).content) | {"obstacles": "Kunci formulir habis."}

    page = client.post(form_url, typed, follow=True)

    assert page.redirect_chain == [(form_url, 302)]
    assert fields_of(page.content)["obstacles"] == "Kunci formulir habis."
    assert not ProgressEntry.objects.exists()


# --- checking and handing in -----------------------------------------------------------------


def submit_url(entry: ProgressEntry) -> str:
    return reverse("programs:submit-entry", args=[entry.pk])


def test_saving_to_check_leads_to_the_check(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    answer = sign_in(cast.head).post(form_url, filled(activity, check="1"))

    assert answer["Location"] == submit_url(ProgressEntry.objects.get())


def test_the_check_shows_what_was_understood_and_hands_in(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry
) -> None:
    client = sign_in(cast.head)
    page = client.get(submit_url(draft))
    assert "50.000.000" in page.content.decode()
    assert f">{gettext('Hand in')}</button>" in page.content.decode()

    answer = client.post(submit_url(draft), fields_of(page.content))

    assert answer["Location"] == reverse("home")
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_by) == (Status.SUBMITTED, cast.head)


def test_the_check_names_each_thing_that_is_missing_and_offers_no_button(
    cast: Cast, sign_in: SignIn, activity: Activity, period: ReportingPeriod
) -> None:
    entry = factories.make_entry(activity, period, spent=None, physical=None, actual=None)

    page = sign_in(cast.head).get(submit_url(entry))

    sentences = page.context["missing"]
    assert sentences == [
        gettext("Physical progress is still empty."),
        gettext("Money spent is still empty."),
        gettext("The actual value of “%(indicator)s” is still empty.")
        % {"indicator": activity.indicators.get().name},
    ]
    assert all(sentence in page.content.decode() for sentence in sentences)
    assert f">{gettext('Hand in')}</button>" not in page.content.decode()


def test_an_incomplete_entry_that_is_handed_in_anyway_is_refused(
    cast: Cast, sign_in: SignIn, activity: Activity, period: ReportingPeriod
) -> None:
    entry = factories.make_entry(activity, period, spent=None)

    answer = sign_in(cast.head).post(submit_url(entry), {"version": entry.version})

    assert answer.status_code == 409
    assert gettext("Money spent is still empty.") in answer.content.decode()
    entry.refresh_from_db()
    assert entry.status == Status.DRAFT


@pytest.mark.parametrize("role", ["rival", "member", "admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_check_does_not_exist(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, role: str, method: str
) -> None:
    answer = getattr(sign_in(getattr(cast, role)), method)(submit_url(draft), {"version": "1"})

    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_operator_does_not_hand_in(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, method: str
) -> None:
    answer = getattr(sign_in(cast.operator), method)(submit_url(draft), {"version": "1"})

    assert answer.status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_handing_in_knows_reading_and_sending_only(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry
) -> None:
    assert sign_in(cast.head).put(submit_url(draft)).status_code == 405


@pytest.mark.parametrize("version", ["", "x", "0", "7"])
def test_handing_in_another_version_than_the_one_seen_is_refused(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, version: str
) -> None:
    answer = sign_in(cast.head).post(submit_url(draft), {"version": version})

    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_the_check_of_a_verified_entry_is_refused(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry
) -> None:
    assert sign_in(cast.head).get(submit_url(verified)).status_code == 409


def test_a_double_click_hands_in_once(cast: Cast, sign_in: SignIn, draft: ProgressEntry) -> None:
    client = sign_in(cast.head)

    answers = [client.post(submit_url(draft), {"version": "1"}) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert draft.rounds.count() == 1


# --- looking at an entry ---------------------------------------------------------------------


def view_url(entry: ProgressEntry) -> str:
    return reverse("programs:view-entry", args=[entry.pk])


@pytest.mark.parametrize(
    ("role", "status_code"),
    [
        ("head", 200),
        ("operator", 200),
        ("secretary", 200),
        ("rival", 404),
        ("member", 404),
        ("admin", 404),
    ],
)
def test_a_draft_is_looked_at_by_its_agency_and_the_secretariat(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, role: str, status_code: int
) -> None:
    assert sign_in(getattr(cast, role)).get(view_url(draft)).status_code == status_code


def test_an_entry_is_only_looked_at(cast: Cast, sign_in: SignIn, draft: ProgressEntry) -> None:
    assert sign_in(cast.head).post(view_url(draft)).status_code == 405


def test_an_entry_shows_its_files_and_its_way(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry
) -> None:
    factories.make_evidence(verified, by=cast.head, name="lokasi.jpg")
    verified.rounds.create(act="returned", by=cast.secretary, at=timezone.now(), note="Foto kabur.")

    page = sign_in(cast.operator).get(view_url(verified)).content.decode()

    assert "lokasi.jpg" in page
    assert "Foto kabur." in page


def test_a_council_member_sees_shareable_files_only_and_no_notes(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry
) -> None:
    factories.make_evidence(verified, by=cast.head, name="boleh.jpg", shareable=True)
    factories.make_evidence(verified, by=cast.head, name="rahasia.jpg")
    verified.rounds.create(act="returned", by=cast.secretary, at=timezone.now(), note="Foto kabur.")

    page = sign_in(cast.member).get(view_url(verified)).content.decode()

    assert "boleh.jpg" in page
    assert "rahasia.jpg" not in page
    assert "Foto kabur." not in page


# --- files -----------------------------------------------------------------------------------


def test_a_photo_is_attached_redrawn_and_marked(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    sent = filled(
        activity,
        evidence=[
            an_upload("lokasi.JPG", factories.make_photo()),
            an_upload("sk.pdf", factories.make_pdf()),
        ],
        evidence_is_shareable="on",
    )

    answer = sign_in(cast.operator).post(form_url, sent)

    assert answer.status_code == 302
    kept = {one.original_name: one for one in Evidence.objects.all()}
    assert set(kept) == {"lokasi.JPG", "sk.pdf"}
    assert {one.is_shareable for one in kept.values()} == {True}
    assert kept["lokasi.JPG"].kind == Evidence.Kind.PHOTO
    assert kept["sk.pdf"].kind == Evidence.Kind.DOCUMENT


SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

BAD_FILES = [
    ("program.pdf", b"MZ\x90\x00 an executable by another name"),
    ("program.exe", b"MZ\x90\x00"),
    ("catatan.jpg", b"no picture at all"),
    ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("halaman.html", b"<script>alert(1)</script>"),
    ("skrip.pdf", factories.make_pdf(OpenAction=SCRIPT)),
    ("kosong.jpg", b""),
]


@pytest.mark.parametrize(("name", "content"), BAD_FILES)
def test_a_bad_file_is_refused_by_name_and_the_text_stays(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, name: str, content: bytes
) -> None:
    sent = filled(activity, evidence=[an_upload(name, content)])

    answer = sign_in(cast.operator).post(form_url, sent)

    assert answer.status_code == 422
    assert name in answer.content.decode()
    assert list(answer.context["form"].errors) == ["evidence"]
    assert fields_of(answer.content)["obstacles"] == "Hujan tiga minggu."
    assert not ProgressEntry.objects.exists()
    assert not Evidence.objects.exists()


def test_one_bad_file_among_good_ones_keeps_all_out(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    files = [an_upload("baik.jpg", factories.make_photo()), an_upload("buruk.jpg", b"x")]

    answer = sign_in(cast.operator).post(form_url, filled(activity, evidence=files))

    assert answer.status_code == 422
    assert "buruk.jpg" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_too_many_files_at_once_are_refused(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str
) -> None:
    files = [an_upload(f"{number}.jpg", b"x") for number in range(11)]

    answer = sign_in(cast.operator).post(form_url, filled(activity, evidence=files))

    assert answer.status_code == 422
    assert answer.context["form"].errors["evidence"] == [
        gettext("At most %(number)d files at a time.") % {"number": 10}
    ]


def test_a_file_that_is_too_large_is_dropped_and_the_text_stays(
    cast: Cast, sign_in: SignIn, activity: Activity, form_url: str, settings: Settings
) -> None:
    settings.EVIDENCE_MAX_BYTES = 5_000
    files = [
        an_upload("besar.pdf", factories.make_pdf() + b"%" * 300_000),
        an_upload("kecil.jpg", factories.make_photo()),
    ]

    answer = sign_in(cast.operator).post(form_url, filled(activity, evidence=files))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "besar.pdf" in page
    assert "kecil.jpg" not in page
    assert fields_of(answer.content)["obstacles"] == "Hujan tiga minggu."
    assert not ProgressEntry.objects.exists()


# --- downloads -------------------------------------------------------------------------------


def download_url(evidence: Evidence) -> str:
    return reverse("programs:download-evidence", args=[evidence.pk])


@pytest.mark.parametrize(
    ("role", "shareable", "status_code"),
    [
        ("head", False, 200),
        ("operator", False, 200),
        ("secretary", False, 200),
        ("member", True, 200),
        ("member", False, 404),
        ("rival", True, 404),
        ("admin", True, 404),
    ],
)
def test_a_file_goes_to_whoever_may_see_it_and_to_nobody_else(
    cast: Cast,
    sign_in: SignIn,
    verified: ProgressEntry,
    role: str,
    shareable: bool,
    status_code: int,
) -> None:
    evidence = factories.make_evidence(verified, by=cast.head, shareable=shareable)

    answer = sign_in(getattr(cast, role)).get(download_url(evidence))

    assert answer.status_code == status_code


def test_a_file_is_handed_over_to_be_saved_not_shown(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry
) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator, name='foto "satu".jpg')

    answer = sign_in(cast.operator).get(download_url(evidence))

    assert b"".join(answer) == b"a photo"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_a_visitor_is_sent_to_sign_in_instead_of_the_file(cast: Cast, draft: ProgressEntry) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)

    answer = Client().get(download_url(evidence))

    assert answer["Location"].startswith(reverse("account_login"))


def test_a_file_is_not_reached_past_the_check(cast: Cast, draft: ProgressEntry) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)

    assert Client().get(f"/media/{evidence.file.name}").status_code == 404


# --- taking a file away ----------------------------------------------------------------------


def delete_url(evidence: Evidence) -> str:
    return reverse("programs:delete-evidence", args=[evidence.pk])


def test_a_file_is_taken_away_from_a_draft(
    cast: Cast,
    sign_in: SignIn,
    draft: ProgressEntry,
    form_url: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)

    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(cast.operator).post(delete_url(evidence))

    assert answer["Location"] == form_url
    assert not Evidence.objects.exists()
    assert not evidence.file.storage.exists(str(evidence.file.name))


@pytest.mark.parametrize(("role", "status_code"), [("rival", 404), ("admin", 404), ("member", 403)])
def test_a_file_is_taken_away_by_its_agency_only(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry, role: str, status_code: int
) -> None:
    evidence = factories.make_evidence(verified, by=cast.head, shareable=True)

    answer = sign_in(getattr(cast, role)).post(delete_url(evidence))

    assert answer.status_code == status_code
    assert Evidence.objects.exists()


def test_a_file_of_a_verified_entry_stays(
    cast: Cast, sign_in: SignIn, verified: ProgressEntry
) -> None:
    evidence = factories.make_evidence(verified, by=cast.head)

    assert sign_in(cast.head).post(delete_url(evidence)).status_code == 409
    assert Evidence.objects.exists()


def test_looking_takes_no_file_away(cast: Cast, sign_in: SignIn, draft: ProgressEntry) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)

    assert sign_in(cast.operator).get(delete_url(evidence)).status_code == 405
    assert Evidence.objects.exists()


def test_a_new_role_acts_on_the_very_next_request(
    cast: Cast, sign_in: SignIn, draft: ProgressEntry, form_url: str
) -> None:
    client = sign_in(cast.operator)
    assert client.get(form_url).status_code == 200

    User.objects.filter(pk=cast.operator.pk).update(organization=cast.rival_agency)
    assert client.get(form_url).status_code == 404

    User.objects.filter(pk=cast.operator.pk).update(is_active=False)
    assert client.get(form_url)["Location"].startswith(reverse("account_login"))


def test_text_typed_before_the_session_ended_is_given_back_even_if_the_entry_went_meanwhile(
    cast: Cast,
) -> None:
    activity, period = factories.make_activity(cast.agency), factories.make_period()
    entry = factories.make_entry(activity, period, by=cast.operator)
    path = f"/realisasi/{activity.pk}/{period.pk}/"
    browser = Client()
    browser.post(path, {"form_owner": form_owner(cast.head), "obstacles": "Listrik padam."})
    ProgressEntry.objects.filter(pk=entry.pk).update(
        status="submitted", submitted_by=cast.operator, submitted_at=timezone.now()
    )
    browser.force_login(cast.head)

    page = browser.get(path)

    assert page.status_code == 409
    assert "Listrik padam." in page.content.decode()
