"""Forms of an activity: what it is, and its move to another programme."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dimensions.forms import LineField, ReasonForm
from dimensions.models import Masterplan
from programs.models import Activity, Program
from programs.plan_forms.base import PlanForm, ProgramChoiceField
from programs.planning.activities import FIELDS, owner_sentence, owner_stays

ORGANIZATIONS = ("owner", "supporting_organizations")


class ActivityForm(PlanForm[Activity]):
    class Meta:
        model = Activity
        fields = FIELDS
        field_classes = {"code": LineField, "title": LineField}
        widgets = {"supporting_organizations": forms.CheckboxSelectMultiple}
        labels = {"supporting_organizations": _("Supporting organisations")}
        help_texts = {
            "code": _("Short and unique among all activities, like SL-01-03."),
            "owner": _("The organisation that carries it out and reports on it."),
            "source": _("Where the title stands; pages show it beside the activity."),
        }

    def __init__(
        self, data: QueryDict | None = None, *, thing: Activity | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, thing=thing, **kwargs)
        self.choose_organizations(thing, *ORGANIZATIONS)
        if thing is not None and owner_stays(thing):
            self.lock(["owner"], owner_sentence())


class MoveActivityForm(ReasonForm):
    """Under which programme an activity counts, and from which year on."""

    program = ProgramChoiceField(
        label=_("New programme"),
        queryset=Program.objects.filter(archived_on__isnull=True).select_related("masterplan"),
    )
    from_year = forms.TypedChoiceField(
        label=_("From the year"),
        coerce=int,
        help_text=_("Earlier years stay under the programme they were reported under."),
    )

    field_order = ["program", "from_year", "reason"]

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        years = {year for plan in Masterplan.objects.all() for year in plan.years()}
        self.fields["from_year"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((year, str(year)) for year in sorted(years)),
        ]
