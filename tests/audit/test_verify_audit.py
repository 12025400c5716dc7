"""`manage.py verify_audit` tells whoever kept the trail that somebody else wrote in it."""

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry, ChainHead
from audit.services import BrokenLink, Fault, broken_links, record
from tests.audit.tampering import tamper
from tests.conftest import Cast


@pytest.fixture
def rows(cast: Cast) -> list[AuditEntry]:
    return [record(verb, cast.agency, by=cast.secretary) for verb in ("add", "change", "archive")]


def forge_after(row: AuditEntry) -> AuditEntry:
    """Add a row with a hash of its own, as somebody would who has read the code."""
    forged = AuditEntry(
        at=row.at,
        actor_label="Orang Lain",
        verb="delete",
        object_type=row.object_type,
        object_id=row.object_id,
        object_label=row.object_label,
        previous_hash=row.hash,
    )
    forged.hash = forged.expected_hash()
    forged.save()
    return forged


def verify(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines about broken rows."""
    with pytest.raises(CommandError, match="tidak utuh") as refusal:
        call_command("verify_audit")
    assert refusal.value.returncode == 1
    return capsys.readouterr().out.splitlines()


def test_a_whole_trail_is_counted(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit")

    assert capsys.readouterr().out == "Jejak audit utuh: 3 baris.\n"


def test_a_new_portal_has_a_whole_trail(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")

    assert capsys.readouterr().out == "Jejak audit utuh: 0 baris.\n"


def test_a_changed_row_is_named_with_what_it_says_now(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("UPDATE audit_auditentry SET object_label = 'Lain' WHERE sequence = %s", rows[1].pk)

    (line,) = verify(capsys)
    assert line.startswith(f"{rows[1].pk} | ")
    assert "WIT" in line
    assert "Lain" in line
    assert line.endswith("| isi baris ini diubah")


def test_an_act_nobody_knows_is_still_told(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("UPDATE audit_auditentry SET verb = 'dance' WHERE sequence = %s", rows[1].pk)

    (line,) = verify(capsys)
    assert "Sekretaris: dance “Dinkes”." in line


def test_a_missing_row_is_noticed_at_the_one_after_it(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("DELETE FROM audit_auditentry WHERE sequence = %s", rows[1].pk)

    (line,) = verify(capsys)
    assert line.startswith(f"{rows[2].pk} | ")
    assert line.endswith("| baris sebelumnya hilang atau disisipkan")


def test_a_row_slipped_in_between_is_noticed_at_the_one_after_it(
    rows: list[AuditEntry],
) -> None:
    forged = forge_after(rows[1])
    tamper("UPDATE audit_auditentry SET sequence = %s WHERE sequence = %s", 10_000, rows[2].pk)

    (link,) = broken_links()
    assert link.entry is not None
    assert forged.pk < link.entry.pk == 10_000
    assert link.faults == [Fault.UNLINKED]


def test_a_row_added_at_the_end_is_named(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    forged = forge_after(rows[2])

    (line,) = verify(capsys)
    assert line.startswith(f"{forged.pk} | ")
    assert line.endswith("| baris ini ditambahkan di luar portal")


def test_a_cut_off_end_is_noticed(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("DELETE FROM audit_auditentry WHERE sequence >= %s", rows[1].pk)

    (line,) = verify(capsys)
    assert line.startswith(f"{rows[0].pk} | ")
    assert line.endswith("| akhir jejak hilang")


def test_an_emptied_trail_is_noticed(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("DELETE FROM audit_auditentry")

    assert verify(capsys) == ["Jejak audit kosong: akhir jejak hilang."]


def test_a_trail_that_lost_its_head_is_noticed_once(rows: list[AuditEntry]) -> None:
    ChainHead.objects.all().delete()

    assert list(broken_links()) == [BrokenLink(rows[2], [Fault.END_MISSING])]


def test_a_row_with_two_faults_is_one_line(
    rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("UPDATE audit_auditentry SET hash = %s WHERE sequence = %s", "0" * 64, rows[2].pk)

    (line,) = verify(capsys)
    assert line.endswith("| isi baris ini diubah; akhir jejak hilang")
