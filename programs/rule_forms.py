"""What the browser said about class tables, scoring methods and weights."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.texts import PlainTextField
from dimensions.forms import LineField
from dimensions.models import Masterplan
from programs import scoring
from programs.fields import NumberField, PointsField
from programs.models import PerformanceBand, PerformanceScale, ScoringMethod
from programs.rules import METHOD_FIELDS
from programs.weights import Child

ROWS = 8
HIGHEST = Decimal(1000)
NO_CAP = "none"
CAPS = [("100", "100 %"), ("110", "110 %"), ("120", "120 %"), (NO_CAP, _("no cap"))]
BAND_FIELDS = ("code", "letter", "label", "lower", "upper", "tone")


# --- class tables ----------------------------------------------------------------------------


class ScaleForm(forms.Form):
    name = LineField(
        label=_("Name"),
        max_length=120,
        help_text=_("The name of a table that is there already makes its next version."),
    )
    source = LineField(
        label=_("Source"), max_length=300, help_text=_("Regulation or decree, with its article.")
    )


class BandForm(forms.Form):
    """One class of the table; an empty row is none."""

    code = forms.SlugField(label=_("code"), max_length=20)
    letter = LineField(label=_("letters"), max_length=3)
    label = LineField(label=_("label"), max_length=40)
    lower = NumberField(label=_("from (%)"), places=0, maximum=HIGHEST, suffix="%", required=True)
    upper = NumberField(label=_("to (%)"), places=0, maximum=HIGHEST, suffix="%")
    tone = forms.ChoiceField(label=_("tone"), choices=[("", "–"), *PerformanceBand.Tone.choices])

    def __init__(
        self, data: QueryDict | None, *, row: int, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(
            data,
            prefix=f"row{row}",
            initial=initial,
            empty_permitted=True,
            use_required_attribute=False,
        )
        for name, field in self.fields.items():
            field.label = gettext("Class %(row)d, %(field)s") % {"row": row, "field": field.label}
            field.widget.attrs["class"] = "form-select" if name == "tone" else "form-control"

    def clean(self) -> None:
        super().clean()
        lower, upper = self.cleaned_data.get("lower"), self.cleaned_data.get("upper")
        if lower is not None and upper is not None and upper < lower:
            self.add_error("upper", gettext("A class cannot end before it starts."))

    def band(self) -> scoring.Band:
        """Return the valid row as the formulas use it."""
        said = self.cleaned_data
        upper = said["upper"]
        return scoring.Band(
            said["code"],
            said["letter"],
            said["label"],
            int(said["lower"]),
            None if upper is None else int(upper),
            said["tone"],
        )


def band_rows(sent: QueryDict | None, scale: PerformanceScale | None) -> list[BandForm]:
    """Return the grid: what was sent, else the classes of the table to start from."""
    bands = list(scale.bands.all()) if scale else []
    starts = [{name: getattr(one, name) for name in BAND_FIELDS} for one in bands]
    return [
        BandForm(sent, row=row + 1, initial=starts[row] if sent is None and starts[row:] else None)
        for row in range(max(ROWS, len(bands)))
    ]


def typed_bands(rows: Sequence[BandForm]) -> list[scoring.Band]:
    return [row.band() for row in rows if row.has_changed()]


# --- scoring methods -------------------------------------------------------------------------


class FromYearForm(forms.Form):
    """A decision that counts from one of the masterplan's years on, and why."""

    from_year = forms.TypedChoiceField(label=_("From the year"), coerce=int)
    reason = PlainTextField(label=_("Reason"), max_length=300, rows=3)

    def __init__(
        self, data: QueryDict | None, *, masterplan: Masterplan, initial: dict[str, Any]
    ) -> None:
        years = masterplan.years()
        this_year = min(max(timezone.localdate().year, years[0]), years[-1])
        super().__init__(data, initial={"from_year": this_year, **initial})
        choice = cast("forms.TypedChoiceField", self.fields["from_year"])
        choice.choices = [(year, str(year)) for year in years]


class MethodForm(FromYearForm):
    scale = forms.ModelChoiceField(PerformanceScale.objects.all(), label=_("Class table"))
    cap = forms.ChoiceField(
        label=_("Cap in averages"),
        choices=CAPS,
        help_text=_("An indicator enters a mean with at most this; its own figure stays uncapped."),
    )
    yellow_below = PointsField(label=_("Yellow below (points)"))
    red_below = PointsField(label=_("Red below (points)"))
    source = LineField(label=_("Source"), max_length=300, help_text=_("Who decided it, and where?"))

    field_order = ["from_year", "scale", "cap", "yellow_below", "red_below", "source", "reason"]

    def clean_cap(self) -> int | None:
        cap = self.cleaned_data["cap"]
        return None if cap == NO_CAP else int(cap)

    def clean(self) -> None:
        super().clean()
        yellow, red = self.cleaned_data.get("yellow_below"), self.cleaned_data.get("red_below")
        if yellow is not None and red is not None and red >= yellow:
            self.add_error("red_below", gettext("Red must start below yellow."))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in METHOD_FIELDS}


def said_by_method(method: ScoringMethod | None) -> dict[str, Any]:
    """Return what the form starts from: the method that counts last."""
    if method is None:
        return {"cap": "100", "yellow_below": -5, "red_below": -10}
    return {
        "scale": method.scale_id,
        "cap": NO_CAP if method.cap is None else str(method.cap),
        "yellow_below": method.yellow_below,
        "red_below": method.red_below,
        "source": method.source,
    }


# --- weights ---------------------------------------------------------------------------------


class WeightsForm(FromYearForm):
    """One weight for each child, or none at all."""

    is_plain = forms.BooleanField(label=_("Use the plain mean from this year"), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        masterplan: Masterplan,
        children: Sequence[Child],
        weights: dict[int, Decimal],
    ) -> None:
        initial = {_name(key): percent for key, percent in weights.items()}
        super().__init__(data, masterplan=masterplan, initial=initial)
        self.children = children
        for child in children:
            self.fields[_name(child.key)] = NumberField(
                label=child.label,
                help_text=child.note,
                places=2,
                maximum=scoring.HUNDRED,
                suffix="%",
            )

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("is_plain"):
            return
        for child in self.children:
            name = _name(child.key)
            is_empty = name in self.cleaned_data and self.cleaned_data[name] is None
            if is_empty and not child.is_archived:
                self.add_error(name, gettext("Write a weight; 0 means that it does not count."))

    def weight_fields(self) -> list[forms.BoundField]:
        return [self[_name(child.key)] for child in self.children]

    def weights(self) -> dict[int, Decimal]:
        """Return child key -> percent, empty for the plain mean."""
        if self.cleaned_data["is_plain"]:
            return {}
        typed = {child.key: self.cleaned_data[_name(child.key)] for child in self.children}
        return {key: percent for key, percent in typed.items() if percent is not None}


def _name(key: int) -> str:
    return f"weight_{key}"
