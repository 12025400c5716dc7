"""What changed: kept as plain text, read in the reader's words, by those who may."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Role
from audit.models import AuditEntry, ChangeLine
from audit.permissions import visible_history
from audit.services import broken_links, changes_between, history_of, record, snapshot_of
from tests import factories
from tests.conftest import Cast

EVENING = datetime(2024, 6, 4, 20, 30, tzinfo=ZoneInfo("Asia/Jayapura"))


# --- writing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (Decimal("12.5000"), "12.5"),
        (Decimal("12.0000"), "12"),
        (Decimal("1E+3"), "1000"),
        (Decimal("100"), "100"),
        (Decimal("0.00"), "0"),
        (2025, "2025"),
        ("", ""),
        ("Dinas “A”", "Dinas “A”"),
        (True, "True"),
        (date(2024, 6, 4), "2024-06-04"),
        (EVENING, "2024-06-04T20:30:00+09:00"),
    ],
)
def test_a_value_is_kept_as_plain_text(cast: Cast, value: Any, text: str | None) -> None:
    record("change", cast.agency, by=None, changes={"short_name": (value, "x")})

    assert AuditEntry.objects.get().details == {"changes": {"short_name": [text, "x"]}}


def test_a_record_is_kept_by_its_name(cast: Cast) -> None:
    changes = {"owner": (cast.agency, cast.rival_agency)}
    row = record("change", cast.agency, by=None, changes=changes)

    assert row.details["changes"] == {"owner": ["Dinkes", "Disdik"]}


def test_changes_and_reason_stand_beside_other_details(cast: Cast) -> None:
    row = record(
        "change",
        cast.agency,
        by=cast.secretary,
        details={"version": 2},
        changes={"code": ("a", "b")},
        reason="Salah ketik",
    )

    assert row.details == {
        "version": 2,
        "changes": {"code": ["a", "b"]},
        "reason": "Salah ketik",
    }
    assert row.reason == "Salah ketik"
    assert list(broken_links()) == []


def test_without_changes_and_reason_a_row_says_no_more_than_before(cast: Cast) -> None:
    row = record("change", cast.agency, by=None, changes={}, reason="")

    assert (row.details, row.reason, row.lines()) == ({}, "", [])


def test_the_hash_of_a_row_written_by_an_earlier_version_stays_the_same() -> None:
    row = AuditEntry(
        at=datetime(2024, 6, 4, 1, 30, tzinfo=ZoneInfo("UTC")),
        actor_label="Sekretaris",
        verb="change",
        object_type="dimensions.organization",
        object_id="1",
        object_label="Dinkes",
        details={"note": "é"},
        previous_hash="0" * 64,
    )

    assert row.expected_hash() == "3bc6f3dee16f32f918191080d96e217ba0f85e5cb5964e1cbc6e7aa4099e1c37"


# --- comparing -------------------------------------------------------------------------------


def test_only_what_differs_is_a_change() -> None:
    before = {"target": Decimal(12), "name": "A", "note": "", "gone": 1}
    after = {"target": Decimal("12.0000"), "name": "B", "note": "", "new": 2}

    assert changes_between(before, after) == {
        "name": ("A", "B"),
        "gone": (1, None),
        "new": (None, 2),
    }


def test_a_snapshot_names_related_records(cast: Cast) -> None:
    meeting = factories.make_meeting(cast.rival_agency, cast.agency)

    assert snapshot_of(meeting, ["title", "rubric", "organizations", "held_on"]) == {
        "title": "Rapat Koordinasi",
        "rubric": str(meeting.rubric),
        "organizations": "Dinkes, Disdik",
        "held_on": date(2024, 6, 4),
    }


def test_a_snapshot_of_a_missing_relation_is_nothing(cast: Cast) -> None:
    assert snapshot_of(cast.secretary, ["organization"]) == {"organization": None}


def test_a_snapshot_does_not_change_with_its_record(cast: Cast) -> None:
    before = snapshot_of(cast.agency, ["short_name"])
    cast.agency.short_name = "Lain"

    changes = changes_between(before, snapshot_of(cast.agency, ["short_name"]))

    assert changes == {"short_name": ("Dinkes", "Lain")}


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "label", "words"),
    [
        ("title", "Rakor", "title", "Rakor"),
        ("title", "True", "title", "True"),
        ("title", None, "title", "–"),
        ("status", "finalised", "status", "Finalised"),
        ("held_on", date(2024, 6, 4), "date", "4 June 2024"),
        ("evaluated_year", 2023, "evaluated year", "2023"),
        ("is_demo", True, "demo data", "Yes"),
        ("is_demo", False, "demo data", "No"),
        ("held_on", "sometime", "date", "sometime"),
        ("a_field_long_gone", "5", "a_field_long_gone", "5"),
        ("a_field_long_gone", True, "a_field_long_gone", "Yes"),
    ],
)
def test_a_change_is_told_in_the_words_of_the_portal(
    cast: Cast, field: str, value: Any, label: str, words: str
) -> None:
    row = record("change", factories.make_meeting(), by=None, changes={field: (value, None)})

    with translation.override("en"):
        assert row.lines() == [ChangeLine(label, words, "–")]


def test_numbers_are_told_as_people_in_ambon_write_them(cast: Cast) -> None:
    criterion = factories.make_rubric().criteria.first()
    assert criterion is not None
    changes = {"weight": (Decimal("1234.50"), 12_500)}
    row = record("set_weights", criterion, by=None, changes=changes)

    (line,) = row.lines()
    assert (line.before, line.after) == ("1.234,5", "12.500")


def test_a_change_of_a_kind_of_record_that_is_gone_is_still_told() -> None:
    row = AuditEntry(object_type="old.thing", details={"changes": {"size": ["1", None]}})

    assert row.lines() == [ChangeLine("size", "1", "–")]


def test_the_history_of_a_record_is_its_own_and_newest_first(cast: Cast) -> None:
    first = record("add", cast.agency, by=None)
    record("add", cast.rival_agency, by=None)
    record("add", cast.secretary, by=None)
    second = record("rename", cast.agency, by=None)

    assert list(history_of(cast.agency)) == [second, first]


@pytest.mark.parametrize(
    ("role", "reads_own", "reads_foreign"),
    [
        ("secretary", True, True),
        ("admin", True, True),
        ("head", True, False),
        ("operator", True, False),
        ("member", False, False),
        ("visitor", False, False),
    ],
)
def test_who_reads_the_history(cast: Cast, role: str, reads_own: bool, reads_foreign: bool) -> None:
    record("add", cast.agency, by=None)
    user = getattr(cast, role)

    assert visible_history(user, cast.agency, is_own=True).exists() == reads_own
    assert visible_history(user, cast.agency, is_own=False).exists() == reads_foreign


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.HEAD, Role.ADMIN])
def test_who_was_shut_out_reads_no_history(cast: Cast, role: Role) -> None:
    record("add", cast.agency, by=None)
    user = factories.make_user("keluar", role, cast.agency)
    user.is_active = False

    assert not visible_history(user, cast.agency, is_own=True).exists()


def test_the_history_component_tells_act_time_change_and_reason(cast: Cast) -> None:
    changes = {"short_name": ("<Lama>", "Baru")}
    row = record("rename", cast.agency, by=cast.secretary, changes=changes, reason="Perda\nbaru")

    with translation.override("en"):
        html = render_to_string("components/history.html", {"entries": history_of(cast.agency)})

    assert "<summary>History</summary>" in html
    assert "Sekretaris gave “Dinkes” a new name." in html
    assert f'datetime="{row.at.astimezone(ZoneInfo("Asia/Jayapura")).isoformat()}"' in html
    assert "<li>Short name: &lt;Lama&gt; → Baru</li>" in html
    assert "Perda<br>baru" in html


def test_the_history_component_of_a_record_without_one_says_so(db: None) -> None:
    with translation.override("en"):
        html = render_to_string("components/history.html", {"entries": []})

    assert not html.strip()
