"""The database refuses to change the trail, whoever asks."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEntry
from audit.services import record
from audit.triggers import create_triggers
from tests.conftest import Cast

UPDATE = "UPDATE audit_auditentry SET verb = 'delete'"
DELETE = "DELETE FROM audit_auditentry"
# SQLite empties a table by deleting all of it.
EMPTY = "TRUNCATE audit_auditentry" if connection.vendor == "postgresql" else DELETE


def refused(sql: str) -> bool:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return True


@pytest.mark.parametrize("sql", [UPDATE, DELETE])
def test_the_database_refuses_to_change_or_delete_a_row(cast: Cast, sql: str) -> None:
    record("add", cast.agency, by=cast.secretary)

    assert refused(sql)
    assert AuditEntry.objects.get().verb == "add"


def test_the_database_refuses_to_empty_the_table(cast: Cast) -> None:
    record("add", cast.agency, by=cast.secretary)
    connection.check_constraints()  # else PostgreSQL refuses for another reason

    assert refused(EMPTY)
    assert AuditEntry.objects.exists()


def test_a_single_row_past_the_model_is_refused_too(cast: Cast) -> None:
    row = record("add", cast.agency, by=cast.secretary)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=row.pk)._raw_delete(using="default")

    assert AuditEntry.objects.exists()


def test_the_triggers_may_be_created_again(cast: Cast) -> None:
    record("add", cast.agency, by=cast.secretary)
    connection.check_constraints()

    create_triggers(connection)

    assert refused(UPDATE)


def test_a_flush_between_tests_empties_the_trail_and_guards_it_again(
    transactional_db: None, cast: Cast
) -> None:
    record("add", cast.agency, by=None)
    call_command("flush", interactive=False, verbosity=0)

    assert not AuditEntry.objects.exists()

    record("add", cast.agency, by=None)
    assert refused(DELETE)
