"""The trail: complete, in order, never edited, and telling when somebody tampered with it."""

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from audit.models import GENESIS, SENTENCES, AppendOnly, AuditEntry, ChainHead
from audit.permissions import can_read_trail
from audit.services import broken_links, record
from dimensions.models import Organization
from tests.audit.tampering import tamper
from tests.conftest import Cast, SignIn

TRAIL = "/kelola/audit/auditentry/"


def write(cast: Cast, *verbs: str) -> list[AuditEntry]:
    return [record(verb, cast.agency, by=cast.secretary) for verb in verbs]


def broken_rows() -> list[AuditEntry | None]:
    return [link.entry for link in broken_links()]


# --- writing ---------------------------------------------------------------------------------


def test_a_row_says_who_did_what_to_what(cast: Cast) -> None:
    record("change", cast.agency, by=cast.secretary, details={"name": "Dinkes"})

    row = AuditEntry.objects.get()
    assert (row.actor, row.actor_label) == (cast.secretary, "Sekretaris")
    assert (row.object_type, row.object_id) == ("dimensions.organization", str(cast.agency.pk))
    assert (row.object_label, row.details) == ("Dinkes", {"name": "Dinkes"})
    assert "Sekretaris" in row.sentence()
    assert "Dinkes" in row.sentence()


def test_the_portal_itself_may_act(cast: Cast) -> None:
    row = record("report_failed", cast.agency, by=None)

    assert (row.actor, row.actor_label) == (None, "sistem")


@pytest.mark.parametrize("verb", SENTENCES)
def test_every_act_has_a_sentence(cast: Cast, verb: str) -> None:
    sentence = record(verb, cast.agency, by=cast.secretary).sentence()

    assert "%" not in sentence
    assert sentence.endswith(".")


def test_an_act_without_a_sentence_is_a_mistake_of_the_programmer(cast: Cast) -> None:
    with pytest.raises(ValueError, match="dance"):
        record("dance", cast.agency, by=cast.secretary)

    assert not AuditEntry.objects.exists()


def test_a_name_in_the_trail_stays_as_it_was(cast: Cast) -> None:
    record("change", cast.agency, by=cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(full_name="Nama Lain")
    Organization.objects.filter(pk=cast.agency.pk).update(short_name="Nama Lain")

    row = AuditEntry.objects.get()
    assert (row.actor_label, row.object_label) == ("Sekretaris", "Dinkes")


def test_a_very_long_record_is_still_written_down(cast: Cast) -> None:
    cast.agency.short_name = "Dinas " * 100

    assert len(record("change", cast.agency, by=cast.secretary).object_label) == 300


def test_what_was_undone_leaves_no_row(cast: Cast) -> None:
    write(cast, "add")

    with transaction.atomic():
        write(cast, "change")
        transaction.set_rollback(True)

    write(cast, "delete")
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["add", "delete"]
    assert list(broken_links()) == []


# --- the chain -------------------------------------------------------------------------------


def test_each_row_points_at_the_one_before(cast: Cast) -> None:
    rows = write(cast, "add", "change", "delete")

    assert [row.previous_hash for row in rows] == [GENESIS, rows[0].hash, rows[1].hash]
    assert ChainHead.objects.get().hash == rows[2].hash


def test_a_whole_chain_is_whole(cast: Cast) -> None:
    record("change", cast.agency, by=cast.secretary, details={"nama": "é 🎵", "n": [1, None]})
    write(cast, "add", "change")

    assert list(broken_links()) == []


def test_an_empty_trail_is_whole(db: None) -> None:
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "delete"),
        ("actor_label", "Orang Lain"),
        ("object_id", "4711"),
        ("object_type", "programs.program"),
        ("object_label", "Lain"),
        ("details", '{"note": "lain"}'),
        ("at", "2020-01-01 00:00:00"),
        ("hash", "0" * 64),
        ("previous_hash", "1" * 64),
    ],
)
def test_a_changed_row_is_found(cast: Cast, column: str, value: str) -> None:
    rows = write(cast, "add", "change", "change")

    tamper(f"UPDATE audit_auditentry SET {column} = %s WHERE sequence = %s", value, rows[1].pk)

    assert rows[1] in broken_rows()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_that_was_taken_out_is_missed(cast: Cast, place: int) -> None:
    rows = write(cast, "add", "change", "delete")

    tamper("DELETE FROM audit_auditentry WHERE sequence = %s", rows[place].pk)

    assert list(broken_links())


def test_a_row_that_was_slipped_in_is_found(cast: Cast) -> None:
    rows = write(cast, "add", "change")
    forged = AuditEntry(
        at=rows[0].at,
        actor_label="Orang Lain",
        verb="delete",
        object_type="dimensions.organization",
        object_id="1",
        object_label="Dinkes",
        previous_hash=rows[1].hash,
    )
    forged.hash = forged.expected_hash()
    forged.save()

    assert broken_rows() == [forged]


# --- nothing is ever edited ------------------------------------------------------------------


def test_a_row_is_neither_changed_nor_deleted(cast: Cast) -> None:
    (row,) = write(cast, "add")
    row.verb = "delete"

    for attempt in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="delete"),
        lambda: AuditEntry.objects.filter(pk=row.pk).update(verb="delete"),
    ):
        with pytest.raises(AppendOnly):
            attempt()

    assert AuditEntry.objects.get().verb == "add"


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        ("secretary", True),
        ("admin", True),
        ("head", False),
        ("operator", False),
        ("member", False),
    ],
)
@pytest.mark.ignore_template_errors
def test_the_trail_is_read_by_the_secretariat_and_the_admin(
    cast: Cast, sign_in: SignIn, role: str, reads: bool
) -> None:
    (row,) = write(cast, "add")
    client = sign_in(getattr(cast, role))

    page = client.get(TRAIL, follow=True)

    assert can_read_trail(getattr(cast, role)) == reads
    assert page.status_code == (200 if reads else 403)
    assert (row.sentence() in page.content.decode()) == reads


@pytest.mark.parametrize("role", ["secretary", "admin"])
@pytest.mark.ignore_template_errors
def test_the_trail_is_edited_by_nobody(cast: Cast, sign_in: SignIn, role: str) -> None:
    (row,) = write(cast, "add")
    client = sign_in(getattr(cast, role))

    answers = [
        client.post(f"{TRAIL}add/", {}),
        client.post(f"{TRAIL}{row.pk}/change/", {"verb": "delete"}),
        client.post(f"{TRAIL}{row.pk}/delete/", {"post": "yes"}),
        client.post(
            TRAIL, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        ),
    ]

    assert [answer.status_code for answer in answers[:3]] == [403, 403, 403]
    assert list(AuditEntry.objects.values_list("pk", "verb")) == [(row.pk, "add")]


def test_a_visitor_reads_no_trail(db: None) -> None:
    assert Client().get(TRAIL).status_code == 302
