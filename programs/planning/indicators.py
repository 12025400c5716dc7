"""What happens to an indicator: added, and changed as long as nothing hangs on its meaning."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import changes_between, record, snapshot_of
from programs.models import Activity, Indicator, IndicatorValue, ProgressEntry
from programs.planning.saving import (
    already_there,
    changes_to,
    locked_in_use,
    refresh_years,
    refuse_conflict,
    stamp,
    write,
    years_and_programs,
)

MEANING = ("unit", "polarity", "aggregation", "numerator_label", "denominator_label")
FIELDS = (
    "code",
    "name",
    "level",
    *MEANING,
    "decimal_places",
    "definition",
    "formula",
    "data_source",
    "data_owner",
    "baseline_year",
    "baseline_value",
)


def indicator_stamp(indicator: Indicator) -> str:
    return stamp(snapshot_of(indicator, FIELDS))


def meaning_stays(indicator: Indicator) -> bool:
    """Whether a value was handed in: what it counts, and how, can no longer become another."""
    values = IndicatorValue.objects.filter(indicator=indicator, actual_value__isnull=False)
    return values.exclude(entry__status=ProgressEntry.Status.DRAFT).exists()


def meaning_sentence() -> str:
    return _("A value was handed in already, so this stays. Begin a new indicator instead.")


@transaction.atomic
def add_indicator(activity: Activity, values: Mapping[str, Any], *, by: User) -> Indicator:
    """Add an indicator to an activity; sent twice, it is one."""
    activity = locked_in_use(activity)
    _refuse_wrong(values)
    taken = _("The code %(code)s is already used by another indicator.") % values
    same_code = Indicator.objects.filter(code=values["code"])
    found = already_there(same_code, {**values, "activity": activity}, taken)
    if found is not None:
        return found
    indicator = Indicator(activity=activity)
    write(indicator, values)
    refresh_years(years_and_programs(activity))
    said = {name: value for name, value in snapshot_of(indicator, FIELDS).items() if value != ""}
    record("add", indicator, by=by, changes=changes_between({}, said))
    return indicator


@transaction.atomic
def change_indicator(
    indicator: Indicator, values: Mapping[str, Any], *, seen: str, by: User
) -> Indicator:
    """Change an indicator. Raises EditConflict if it no longer says what `seen` stands for."""
    indicator = locked_in_use(indicator)
    changes = changes_to(indicator, values)
    if not changes:
        return indicator
    refuse_conflict(snapshot_of(indicator, FIELDS), seen)
    other_meaning = [name for name in MEANING if name in changes]
    if other_meaning and meaning_stays(indicator):
        raise ValidationError({name: meaning_sentence() for name in other_meaning})
    _refuse_wrong(values)
    if Indicator.objects.exclude(pk=indicator.pk).filter(code=values["code"]).exists():
        taken = _("The code %(code)s is already used by another indicator.") % values
        raise ValidationError({"code": taken})
    write(indicator, values)
    refresh_years(years_and_programs(indicator.activity))
    record("change", indicator, by=by, changes=changes)
    return indicator


def _refuse_wrong(values: Mapping[str, Any]) -> None:
    wrong = {}
    numerator, denominator = values["numerator_label"], values["denominator_label"]
    if bool(numerator) != bool(denominator):
        empty = "denominator_label" if numerator else "numerator_label"
        wrong[empty] = _("A ratio names its numerator and its denominator.")
    elif numerator and values["unit"] != "%":
        wrong["unit"] = _("A ratio is counted in %.")
    if (values["baseline_year"] is None) != (values["baseline_value"] is None):
        empty = "baseline_year" if values["baseline_year"] is None else "baseline_value"
        wrong[empty] = _("A baseline has a value and the year it was measured in.")
    if wrong:
        raise ValidationError(wrong)
