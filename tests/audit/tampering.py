"""Changing the trail past code and triggers, as somebody with the database in hand would."""

from django.db import connection

from tests.conftest import unguarded_trail


def tamper(sql: str, *values: str | int) -> None:
    connection.check_constraints()  # PostgreSQL changes no table with checks still to come
    with unguarded_trail(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)
