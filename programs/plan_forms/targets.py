"""The form of all targets of an indicator: one row a year, typed at once."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.texts import PlainTextField
from programs.fields import NumberField
from programs.models import ROMAN, Indicator
from programs.plan_forms.base import SeenForm, cell_widget
from programs.planning.target_plan import TargetPlan
from programs.planning.targets import (
    opened_years,
    plan_of_target,
    present_targets,
    targets_stamp,
    years_to_aim,
)
from programs.planning.year_plan import QUARTERS, cell

CELLS = ("target", *(f"quarter_{quarter}" for quarter in QUARTERS))
# "40 titik", "12 %", "Rp 100": a number with words before or behind it
WORDS = re.compile(r"(?P<before>[^\d.,\s−-][^\d]*?)?\s*[−-]?[\d.,]+\s*(?P<behind>[^\d.,\s].*)?")


class TargetField(NumberField):
    """A number of the indicator's own unit; any other unit is named in the refusal."""

    def __init__(self, *, unit: str, year: int, **kwargs: Any) -> None:
        super().__init__(places=4, prefix=unit, suffix=unit, **kwargs)
        self.unit = unit
        self.year = year

    def clean(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        for word in self._words(text):
            if word.casefold() != self.unit.casefold():
                raise ValidationError(
                    gettext("The target of %(year)d is counted in %(unit)s, not as in “%(text)s”.")
                    % {"year": self.year, "unit": self.unit, "text": text}
                )
            text = text.replace(word, "").strip()
        return super().clean(text)

    def _words(self, text: str) -> list[str]:
        found = WORDS.fullmatch(text)
        return [word.strip() for word in found.groups() if word] if found else []


@dataclass(frozen=True)
class TargetRow:
    """One year of the table, and the number of its target's last revision."""

    year: int
    is_opened: bool
    revision: int
    cells: list[forms.BoundField]


class TargetsForm(SeenForm):
    """What an indicator should reach in each year and by each quarter's end."""

    reason = PlainTextField(
        label=_("Reason for the revision"),
        required=False,
        max_length=300,
        rows=2,
        help_text=_("Needed when the target of a year that was opened for reporting changes."),
    )

    def __init__(self, data: QueryDict | None = None, *, indicator: Indicator) -> None:
        self.years = years_to_aim(indicator)
        self.present = present_targets(indicator)
        initial: dict[str, Any] = {"version": targets_stamp(self.present)}
        for year, row in self.present.items():
            plan = plan_of_target(row)
            shown = zip(CELLS, (plan.value, *plan.quarters), strict=True)
            initial |= {cell(name, year): value for name, value in shown}
        super().__init__(data, initial=initial)
        for year in self.years:
            self._add_year(year, indicator.unit)
        self.order_fields([name for name in self.fields if name != "reason"])

    def _add_year(self, year: int, unit: str) -> None:
        said = {"year": year, "unit": unit}
        labels = [gettext("%(year)d: target (%(unit)s)") % said]
        labels += [
            gettext("%(year)d: target Q%(quarter)s (%(unit)s)") % {"quarter": ROMAN[q], **said}
            for q in QUARTERS
        ]
        for name, label in zip(CELLS, labels, strict=True):
            self.fields[cell(name, year)] = TargetField(
                unit=unit, year=year, label=label, widget=cell_widget(label, 10)
            )

    def rows(self) -> list[TargetRow]:
        opened = opened_years()
        return [
            TargetRow(
                year,
                year in opened,
                self.present[year].revision if year in self.present else 0,
                [self[cell(name, year)] for name in CELLS],
            )
            for year in self.years
        ]

    def wanted(self) -> dict[int, TargetPlan]:
        """Return the valid form as what the service takes."""
        return {year: self._plan(year) for year in self.years}

    def _plan(self, year: int) -> TargetPlan:
        value, first, second, third, fourth = (
            self.cleaned_data[cell(name, year)] for name in CELLS
        )
        return TargetPlan(value, (first, second, third, fourth))
