"""What the address of a page of figures may say: year, day, dimension, organisation, class."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.days import DayField
from dimensions.models import Dimension, Masterplan, Organization
from programs.models import CityYear
from programs.reporting import URGENCY, state_label
from programs.scoring import Light


class YearForm(forms.Form):
    """Which year. A wrong one is named, and the page falls back to the default year."""

    tahun = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data)
        self.years = years
        self.fields["tahun"].choices = [(str(year), str(year)) for year in reversed(years)]  # type: ignore[attr-defined]


class ReadingForm(YearForm):
    """Which year, and as of which day."""

    pada = DayField(
        label=_("As of the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ReportingForm(YearForm):
    """Whose reports: of a dimension's organisations, of those with a quarter in one state."""

    dimensi = forms.ModelChoiceField(
        Dimension.objects.all(),
        label=_("Dimension"),
        to_field_name="code",
        required=False,
        empty_label=_("All"),
    )
    status = forms.ChoiceField(label=_("State"), required=False)
    semua = forms.BooleanField(label=_("All years of the masterplan"), required=False)

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data, years=years)
        states = [(state.value, state_label(state)) for state in reversed(URGENCY)]
        self.fields["status"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]


class ComparisonForm(forms.Form):
    """Which year on which two days."""

    tahun = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    dari = DayField(
        label=_("From the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sampai = DayField(
        label=_("To the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, years: list[int], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["tahun"].choices = [(str(year), str(year)) for year in reversed(years)]  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("dari"), self.cleaned_data.get("sampai")
        if first and last and first > last:
            self.add_error("sampai", _("The second day lies before the first."))


class ProgramFilterForm(YearForm):
    """Which programmes of a year."""

    dimensi = forms.ModelChoiceField(
        Dimension.objects.all(), label=_("Dimension"), to_field_name="code", required=False
    )
    organisasi = forms.ModelChoiceField(
        Organization.objects.all(), label=_("Organisation"), to_field_name="code", required=False
    )
    kelas = forms.ChoiceField(label=_("Class"), required=False)
    lampu = forms.ChoiceField(label=_("Against plan"), required=False)

    def __init__(self, data: Any, *, years: list[int], classes: list[tuple[str, str]]) -> None:
        super().__init__(data, years=years)
        nothing = ("", _("All"))
        self.fields["dimensi"].empty_label = nothing[1]  # type: ignore[attr-defined]
        self.fields["organisasi"].empty_label = nothing[1]  # type: ignore[attr-defined]
        self.fields["kelas"].choices = [nothing, *classes, ("-", _("not rated"))]  # type: ignore[attr-defined]
        self.fields["lampu"].choices = [  # type: ignore[attr-defined]
            nothing,
            (Light.GREEN, _("on plan")),
            (Light.YELLOW, _("behind")),
            (Light.RED, _("far behind")),
        ]


@dataclass(frozen=True)
class Chosen:
    """The masterplan, year and day a page shows, and the form they were chosen with."""

    masterplan: Masterplan
    year: int
    as_of: date | None
    form: Any

    @property
    def query(self) -> str:
        """Return the address's end that keeps the choice: "?tahun=2023&pada=2024-06-04"."""
        chosen = {"tahun": self.year} | ({"pada": self.as_of.isoformat()} if self.as_of else {})
        return f"?{urlencode(chosen)}"

    @property
    def day_query(self) -> str:
        """Return the part that names the day, for addresses that name the year themselves."""
        return f"?pada={self.as_of.isoformat()}" if self.as_of else ""


class Calendar:
    """Every year of every masterplan, read once."""

    def __init__(self) -> None:
        self.masterplans = list(Masterplan.objects.order_by("start_year"))
        self.years = sorted({year for plan in self.masterplans for year in plan.years()})

    def masterplan_of(self, year: int) -> Masterplan:
        """Return the plan of a year; the later one where two overlap."""
        return next(plan for plan in reversed(self.masterplans) if year in plan.years())

    def default_year(self) -> int:
        """Return the year with the most rated indicators, the later one where two are equal.

        The newest year with a verified figure may just have begun.
        """
        best = CityYear.objects.order_by("-rated", "-year").values_list("year", flat=True).first()
        return best if best in self.years else self.years[-1]

    def choose(self, form: forms.Form) -> Chosen:
        """Return what the form asks for; what is missing or wrong falls back to the default."""
        form.is_valid()
        cleaned = form.cleaned_data if form.is_bound else {}
        year = cleaned.get("tahun") or self.default_year()
        # The form shows the year that the page shows, whatever was asked for.
        form.data = dict(form.data.items()) | {"tahun": str(year)} if form.is_bound else form.data
        form.initial["tahun"] = str(year)
        return Chosen(self.masterplan_of(year), year, cleaned.get("pada"), form)


def chosen_reading(request: HttpRequest, form: type[YearForm] = ReadingForm) -> Chosen | None:
    """Return the year and day of the address, or None while there is no masterplan."""
    calendar = Calendar()
    if not calendar.years:
        return None
    return calendar.choose(form(request.GET, years=calendar.years))
