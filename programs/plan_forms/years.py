"""The form of all years of an activity: one row a year, typed at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.texts import PlainTextField
from dimensions.forms import LineField
from programs.models import ROMAN, Activity, ActivityYear, FundingSource
from programs.plan_forms.base import SeenForm, cell_widget, number_cell
from programs.planning.year_plan import QUARTERS, Curve, YearPlan, cell
from programs.planning.years import planned_years, years_stamp, years_to_plan

MOST_MONEY = Decimal("99999999999999")
CURVES = ("physical", "spending")
MONEY = ("budget_original", "budget_revised", "funding_source", "budget_code")
CURVE_CELLS = tuple(f"{curve}_{quarter}" for curve in CURVES for quarter in QUARTERS)


@dataclass(frozen=True)
class YearRow:
    """One year of the table: whether it runs, its money, its curves."""

    year: int
    runs: forms.BoundField
    cells: list[forms.BoundField]


class YearsForm(SeenForm):
    """In which years an activity runs, with which money and which planned curves."""

    reason = PlainTextField(
        label=_("Reason for the change"),
        required=False,
        max_length=300,
        rows=2,
        help_text=_("Needed when the budget of a year with verified figures changes."),
    )

    def __init__(self, data: QueryDict | None = None, *, activity: Activity) -> None:
        self.years = years_to_plan(activity)
        present = planned_years(activity)
        initial: dict[str, Any] = {"version": years_stamp(present)}
        for year, plan in present.items():
            initial |= _shown(year, plan)
        super().__init__(data, initial=initial)
        self.present = set(present)
        for year in self.years:
            self._add_year(year)
        self.order_fields([name for name in self.fields if name != "reason"])

    def _add_year(self, year: int) -> None:
        self.fields[cell("runs", year)] = forms.BooleanField(
            label=gettext("Runs in %(year)d") % {"year": year},
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )
        for name, label in (
            ("budget_original", gettext("%(year)d: budget (Rp)")),
            ("budget_revised", gettext("%(year)d: revised budget (Rp)")),
        ):
            self.fields[cell(name, year)] = number_cell(
                label % {"year": year}, size=13, places=0, prefix="Rp", maximum=MOST_MONEY
            )
        label = gettext("%(year)d: funding source") % {"year": year}
        self.fields[cell("funding_source", year)] = forms.ChoiceField(
            label=label,
            choices=FundingSource,
            required=False,
            initial=FundingSource.APBD,
            widget=forms.Select(attrs={"aria-label": label, "class": "form-select w-auto"}),
        )
        label = gettext("%(year)d: budget code") % {"year": year}
        self.fields[cell("budget_code", year)] = LineField(
            label=label,
            required=False,
            max_length=20,
            validators=ActivityYear._meta.get_field("budget_code").validators,  # noqa: SLF001
            widget=cell_widget(label, 15, inputmode="text"),
        )
        for name, label in _curve_labels(year):
            self.fields[cell(name, year)] = number_cell(
                label, size=4, places=2, suffix="%", maximum=Decimal(100)
            )

    def rows(self) -> list[YearRow]:
        return [
            YearRow(
                year,
                self[cell("runs", year)],
                [self[cell(name, year)] for name in (*MONEY, *CURVE_CELLS)],
            )
            for year in self.years
        ]

    def clean(self) -> None:
        """Refuse figures of a year that is not ticked, rather than to drop them."""
        super().clean()
        for year in self.years:
            typed = any(
                self.cleaned_data.get(cell(name, year)) not in {None, ""}
                for name in (*MONEY, *CURVE_CELLS)
                if name != "funding_source"
            )
            is_ticked = self.cleaned_data.get(cell("runs", year))
            if typed and not is_ticked and year not in self.present:
                sentence = gettext("%(year)d has figures: tick that it runs, or empty them.")
                self.add_error(cell("runs", year), sentence % {"year": year})

    def wanted(self) -> dict[int, YearPlan]:
        """Return the valid form as what the service takes."""
        return {
            year: self._plan(year) for year in self.years if self.cleaned_data[cell("runs", year)]
        }

    def _plan(self, year: int) -> YearPlan:
        said = {name: self.cleaned_data[cell(name, year)] for name in (*MONEY, *CURVE_CELLS)}
        return YearPlan(
            budget_original=_whole(said["budget_original"]),
            budget_revised=_whole(said["budget_revised"]),
            funding_source=said["funding_source"] or FundingSource.APBD,
            budget_code=said["budget_code"],
            physical=_curve(said, "physical"),
            spending=_curve(said, "spending"),
        )


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _curve(said: dict[str, Any], name: str) -> Curve:
    return (said[f"{name}_1"], said[f"{name}_2"], said[f"{name}_3"], said[f"{name}_4"])


def _curve_labels(year: int) -> Iterator[tuple[str, str]]:
    for name, label in (
        ("physical", gettext("%(year)d, Q%(quarter)s: planned physical progress (%%)")),
        ("spending", gettext("%(year)d, Q%(quarter)s: planned spending (%%)")),
    ):
        for quarter in QUARTERS:
            yield f"{name}_{quarter}", label % {"year": year, "quarter": ROMAN[quarter]}


def _shown(year: int, plan: YearPlan) -> dict[str, Any]:
    """Return what the form shows of a year in which the activity runs."""
    return {
        cell("runs", year): True,
        **{cell(name, year): getattr(plan, name) for name in MONEY},
        **{cell(f"physical_{q}", year): plan.physical[q - 1] for q in QUARTERS},
        **{cell(f"spending_{q}", year): plan.spending[q - 1] for q in QUARTERS},
    }
