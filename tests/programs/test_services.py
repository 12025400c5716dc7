"""What may happen to an entry, when, and what is kept of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from programs import services
from programs.models import EntryRound, Evidence, ProgressEntry, ReportingPeriod
from programs.services import Attached, EditConflict, EntryContent
from programs.uploads import CheckedFile
from tests import factories
from tests.conftest import Cast

PHOTO = CheckedFile("foto.jpg", ".jpg", "photo", b"bytes of a photo")


def draft(cast: Cast, **fields: Any) -> ProgressEntry:
    return factories.make_entry(
        factories.make_activity(cast.agency), factories.make_period(), by=cast.head, **fields
    )


def content(entry: ProgressEntry, text: str = "", value: str = "80") -> EntryContent:
    return EntryContent(
        physical_progress_pct=Decimal(60),
        budget_spent=50_000_000,
        obstacles=text,
        values={one.pk: Decimal(value) for one in entry.activity.indicators.all()},
    )


def act(name: str, entry: ProgressEntry, cast: Cast) -> ProgressEntry:
    if name == "submit":
        return services.submit_entry(entry, version=entry.version, by=cast.head)
    if name == "verify":
        return services.verify_entry(entry, version=entry.version, by=cast.secretary)
    return services.return_entry(entry, "Kurang foto.", version=entry.version, by=cast.secretary)


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "verified"])
@pytest.mark.parametrize("name", ["submit", "verify", "return"])
def test_an_act_works_from_the_states_of_the_table_and_is_refused_from_all_others(
    cast: Cast, name: str, status: str
) -> None:
    verified_by = cast.colleague if status == "verified" else None
    entry = draft(cast, status=status, verified_by=verified_by)
    entry.submitted_by = cast.operator if entry.submitted_by else None
    entry.save()
    allowed, leads_to = services.TRANSITIONS[name]
    before = AuditEntry.objects.count()

    if status in allowed:
        assert act(name, entry, cast).status == leads_to
        assert AuditEntry.objects.count() == before + 1
        assert entry.rounds.count() == 1
    else:
        with pytest.raises(Refused):
            act(name, entry, cast)
        assert AuditEntry.objects.count() == before
        assert not entry.rounds.exists()


def test_a_draft_keeps_everything_and_names_its_writer(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    indicator = activity.indicators.get()
    what = EntryContent(Decimal("22.5"), 1_000, "Hujan", "Tenda", {indicator.pk: Decimal("7.25")})

    entry = services.save_draft(
        activity, factories.make_period(), what, version=0, by=cast.operator
    )

    entry = ProgressEntry.objects.get(pk=entry.pk)
    assert (entry.physical_progress_pct, entry.budget_spent) == (Decimal("22.5"), 1_000)
    assert (entry.obstacles, entry.follow_up) == ("Hujan", "Tenda")
    assert entry.values.get().actual_value == Decimal("7.25")
    assert list(entry.writers.all()) == [cast.operator]


def test_a_save_over_a_version_somebody_else_saved_is_refused_and_changes_nothing(
    cast: Cast,
) -> None:
    entry = draft(cast)
    services.save_draft(
        entry.activity, entry.period, content(entry, "pertama"), version=1, by=cast.head
    )

    with pytest.raises(EditConflict) as conflict:
        services.save_draft(
            entry.activity, entry.period, content(entry, "kedua"), version=1, by=cast.operator
        )

    assert conflict.value.current.obstacles == "pertama"
    entry.refresh_from_db()
    assert entry.obstacles == "pertama"


def test_the_same_form_sent_twice_is_one_save(cast: Cast) -> None:
    entry = draft(cast)
    for _ in range(2):
        services.save_draft(
            entry.activity, entry.period, content(entry, "sama"), version=1, by=cast.head
        )

    entry.refresh_from_db()
    assert entry.version == 2
    assert AuditEntry.objects.filter(verb="save_draft").count() == 1


def test_handing_in_twice_is_one_round(cast: Cast) -> None:
    entry = draft(cast)
    for _ in range(2):
        services.submit_entry(entry, version=1, by=cast.head)

    assert entry.rounds.filter(act="submitted").count() == 1


def test_an_incomplete_entry_is_not_handed_in_and_each_gap_is_named(cast: Cast) -> None:
    entry = draft(cast, physical=None, spent=None, actual=None)

    missing = services.missing_for_submission(entry)

    assert len(missing) == 3
    assert entry.activity.indicators.get().name in missing[2]
    with pytest.raises(Refused):
        services.submit_entry(entry, version=1, by=cast.head)


@pytest.mark.parametrize("status", ["planned", "closed"])
def test_nothing_is_written_or_handed_in_outside_an_open_period(cast: Cast, status: str) -> None:
    entry = draft(cast)
    ReportingPeriod.objects.update(status=status)
    entry.period.refresh_from_db()

    with pytest.raises(Refused):
        services.save_draft(entry.activity, entry.period, content(entry), version=1, by=cast.head)
    with pytest.raises(Refused):
        services.submit_entry(entry, version=1, by=cast.head)


@pytest.mark.parametrize("status", ["submitted", "verified"])
def test_an_entry_that_was_handed_in_is_read_only(cast: Cast, status: str) -> None:
    verified_by = cast.secretary if status == "verified" else None
    entry = draft(cast, status=status, verified_by=verified_by)

    with pytest.raises(Refused):
        services.save_draft(
            entry.activity, entry.period, content(entry, "diubah"), version=1, by=cast.head
        )


def test_who_wrote_in_an_entry_never_verifies_it(cast: Cast) -> None:
    entry = draft(cast)
    services.save_draft(
        entry.activity, entry.period, content(entry, "atas nama OPD"), version=1, by=cast.secretary
    )
    services.submit_entry(entry, version=2, by=cast.head)

    with pytest.raises(Refused):
        services.verify_entry(entry, version=3, by=cast.secretary)

    verified = services.verify_entry(entry, version=3, by=cast.colleague)
    assert verified.verified_by == cast.colleague
    assert verified.entered_on_behalf


def test_a_verifier_who_looked_at_an_older_version_is_told_to_look_again(cast: Cast) -> None:
    entry = draft(cast, status="submitted")

    with pytest.raises(Refused):
        services.verify_entry(entry, version=0, by=cast.secretary)


def test_each_round_keeps_what_the_entry_said_then(cast: Cast) -> None:
    entry = draft(cast)
    services.submit_entry(entry, version=1, by=cast.head)
    services.return_entry(entry, "Periksa uang.", version=2, by=cast.secretary)
    services.save_draft(
        entry.activity, entry.period, content(entry, "baru", "81"), version=3, by=cast.head
    )
    services.submit_entry(entry, version=4, by=cast.head)

    acts = [(one.act, one.note) for one in entry.rounds.all()]
    assert acts == [("submitted", ""), ("returned", "Periksa uang."), ("submitted", "")]
    first, last = entry.rounds.first(), entry.rounds.last()
    assert first is not None
    assert last is not None
    indicator = str(entry.activity.indicators.get().pk)
    assert first.content["values"][indicator] == "80"
    assert last.content["values"][indicator] == "81"


def test_a_file_is_kept_once_with_the_hash_of_its_bytes(cast: Cast) -> None:
    entry = draft(cast)
    for version in (1, 2):
        services.save_draft(
            entry.activity,
            entry.period,
            content(entry, f"simpan {version}"),
            version=version,
            by=cast.head,
            attached=Attached((PHOTO,), shareable=True),
        )

    evidence = entry.evidence.get()
    assert evidence.sha256 == PHOTO.sha256
    assert evidence.file.read() == PHOTO.content
    assert evidence.is_shareable


def test_a_file_whose_transaction_fails_leaves_nothing_on_disk(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = draft(cast)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(services, "record", fail)
    with pytest.raises(OSError):  # noqa: PT011
        services.save_draft(
            entry.activity, entry.period, content(entry, "x"), version=1, by=cast.head,
            attached=Attached((PHOTO,)),
        )  # fmt: skip

    assert not Evidence.objects.exists()
    assert default_storage.listdir("evidence")[1] == []


def test_evidence_can_be_taken_back_only_until_it_was_handed_in_once(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    entry = draft(cast)
    services.save_draft(
        entry.activity, entry.period, content(entry), version=1, by=cast.head,
        attached=Attached((PHOTO, CheckedFile("b.pdf", ".pdf", "document", b"dua"))),
    )  # fmt: skip
    first, second = entry.evidence.all()
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(first, by=cast.head)
    assert not default_storage.exists(str(first.file.name))

    services.submit_entry(entry, version=2, by=cast.head)
    services.return_entry(entry, "Ganti berkas.", version=3, by=cast.secretary)

    with pytest.raises(Refused):
        services.remove_evidence(second, by=cast.head)
    assert default_storage.exists(str(second.file.name))


@pytest.mark.parametrize(
    "broken",
    [
        {"physical_progress_pct": Decimal(101)},
        {"physical_progress_pct": Decimal(-1)},
        {"status": "submitted"},
        {"status": "verified"},
    ],
)
def test_the_database_itself_refuses_a_row_that_breaks_a_rule(
    cast: Cast, broken: dict[str, Any]
) -> None:
    entry = draft(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressEntry.objects.filter(pk=entry.pk).update(**broken)


def test_the_database_itself_refuses_a_return_without_a_reason(cast: Cast) -> None:
    entry = draft(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryRound.objects.create(entry=entry, act="returned", by=cast.head, at=timezone.now())


def test_the_database_itself_refuses_that_somebody_verifies_their_own_entry(cast: Cast) -> None:
    entry = draft(cast, status="submitted")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressEntry.objects.filter(pk=entry.pk).update(
            status="verified", verified_by=cast.head, verified_at=timezone.now()
        )
