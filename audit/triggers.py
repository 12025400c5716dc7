"""The database's own refusal to change the trail, whoever asks: code, shell or SQL client.

A later migration that alters AuditEntry makes SQLite build its table anew, which loses the
triggers silently: such a migration ends with `create_triggers`. tests/audit/test_triggers.py
fails when it does not.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_auditentry"
MESSAGE = "audit trail is append-only"

SQLITE_CREATE = [
    f"""
    CREATE TRIGGER IF NOT EXISTS audit_no_{act.lower()} BEFORE {act} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
    """
    for act in ("UPDATE", "DELETE")
]
SQLITE_DROP = [
    "DROP TRIGGER IF EXISTS audit_no_update",
    "DROP TRIGGER IF EXISTS audit_no_delete",
]

POSTGRESQL_DROP = [
    f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}",
    "DROP FUNCTION IF EXISTS audit_refuse()",
]
POSTGRESQL_CREATE = [
    *POSTGRESQL_DROP,
    # An integrity error, as on SQLite, so that Django raises the same on both.
    f"""
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()
    """,
    f"""
    CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
]


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the trail append-only; safe to run again."""
    _run(connection, {"sqlite": SQLITE_CREATE, "postgresql": POSTGRESQL_CREATE})


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Let the trail be changed: for undoing the migration, and for tests."""
    _run(connection, {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP})


def _run(connection: BaseDatabaseWrapper, statements: dict[str, Sequence[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
