"""The form of an indicator: what is measured, how it is counted, what the words mean."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.texts import PlainTextField
from dimensions.forms import LineField, YearField
from programs.fields import NumberField
from programs.models import Indicator
from programs.plan_forms.base import PlanForm
from programs.planning.indicators import FIELDS, MEANING, meaning_sentence, meaning_stays

# Each group is one panel of the page.
NAMES = ("code", "name", "level")
COUNTING = ("unit", "decimal_places", "polarity", "aggregation")
RATIO = ("numerator_label", "denominator_label")
METADATA = ("definition", "formula", "data_source", "data_owner")
BASELINE = ("baseline_year", "baseline_value")


class IndicatorForm(PlanForm[Indicator]):
    decimal_places = forms.TypedChoiceField(
        label=_("Decimals"),
        coerce=int,
        initial=0,
        choices=[(number, str(number)) for number in range(5)],
        help_text=_("How many digits after the comma its figures are shown with."),
    )
    definition = PlainTextField(label=_("Operational definition"), required=False, rows=3)
    formula = PlainTextField(label=_("Formula"), required=False, rows=2)
    baseline_year = YearField(label=_("Baseline year"), required=False)
    baseline_value = NumberField(label=_("Baseline"), places=4)

    class Meta:
        model = Indicator
        fields = FIELDS
        field_classes = {
            "code": LineField,
            "name": LineField,
            "unit": LineField,
            "numerator_label": LineField,
            "denominator_label": LineField,
            "data_source": LineField,
        }
        help_texts = {
            "code": _("Short and unique among all indicators, like SL-01-03-A."),
            "unit": _("What is counted: %, people, points, hours …"),
            "polarity": _(
                "Higher is better: patients served. Lower is better: hours of a queue. "
                "Closer to the target is better: a stock that should neither run out nor pile up."
            ),
            "aggregation": _(
                "How a year's value follows from its quarters. Sum: people trained, 20 + 30 + 0 + "
                "50 = 100. Last quarter: villages connected so far. Average: hours of a queue. "
                "Highest quarter: most visitors at once."
            ),
            "numerator_label": _(
                "Only for a share in %: what is counted, like “children vaccinated”."
            ),
            "denominator_label": _("Out of what, like “all children under five”."),
            "data_source": _("Register, survey or document the figures are taken from."),
            "data_owner": _("The organisation that keeps the data."),
        }

    def __init__(
        self, data: QueryDict | None = None, *, thing: Indicator | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, thing=thing, **kwargs)
        self.choose_organizations(thing, "data_owner")
        if thing is not None and meaning_stays(thing):
            self.lock(MEANING, meaning_sentence())

    def groups(self) -> dict[str, list[forms.BoundField]]:
        """Return the fields by the panel they stand in."""
        panels = {
            "names": NAMES,
            "counting": COUNTING,
            "ratio": RATIO,
            "metadata": METADATA,
            "baseline": BASELINE,
        }
        return {panel: [self[name] for name in names] for panel, names in panels.items()}
