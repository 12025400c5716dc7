"""Forms of a programme: what it is, how it ended, whether it is a quick win."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.days import DayField
from ambon_smartcity.texts import PlainTextField
from dimensions.forms import DAY_HELP, LineField, ReasonForm
from dimensions.models import Masterplan
from programs.models import Program
from programs.plan_forms.base import PlanForm, ProgramChoiceField
from programs.planning.programs import FIELDS

ORGANIZATIONS = ("owner", "supporting_organizations")


class ProgramForm(PlanForm[Program]):
    class Meta:
        model = Program
        fields = FIELDS
        field_classes = {"code": LineField, "title": LineField}
        widgets = {"supporting_organizations": forms.CheckboxSelectMultiple}
        labels = {"supporting_organizations": _("Supporting organisations")}
        help_texts = {
            "code": _("Short and unique within its masterplan, like SL-01."),
            "owner": _("The organisation that answers for the programme."),
            "source": _("Where the title stands; pages show it beside the programme."),
        }

    def __init__(
        self, data: QueryDict | None = None, *, thing: Program | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, thing=thing, **kwargs)
        self.choose_organizations(thing, *ORGANIZATIONS)


class NewProgramForm(ProgramForm):
    masterplan = forms.ModelChoiceField(label=_("Masterplan"), queryset=Masterplan.objects.all())

    field_order = ["masterplan", *FIELDS]


class CloseProgramForm(forms.Form):
    """How a programme ended and what was learnt."""

    ending = forms.ChoiceField(
        label=_("How it ended"),
        choices=Program.Ending,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the programme ended.")},
    )
    lesson = PlainTextField(
        label=_("Lesson"),
        rows=5,
        help_text=_("What should the next masterplan do again, and what differently?"),
        error_messages={"required": _("Write down the lesson of the programme.")},
    )
    successor = ProgramChoiceField(
        label=_("Continued by"),
        queryset=Program.objects.none(),
        required=False,
        help_text=_("Only for a continued programme: the programme of a later masterplan."),
    )

    def __init__(self, data: QueryDict | None = None, *, program: Program) -> None:
        initial = {
            "ending": program.ending,
            "lesson": program.lesson,
            "successor": program.successor_id,
        }
        super().__init__(data, initial=initial)
        self.fields["successor"].queryset = later_programs(program)  # type: ignore[attr-defined]


def later_programs(program: Program) -> QuerySet[Program]:
    """Return the programmes that may continue this one."""
    later = Program.objects.filter(masterplan__start_year__gt=program.masterplan.start_year)
    return (
        later.filter(archived_on__isnull=True)
        .select_related("masterplan")
        .order_by("masterplan__start_year", "code")
    )


class QuickWinForm(ReasonForm):
    """From which day a programme is, or is no longer, a quick win."""

    valid_from = DayField(label=_("Valid from"), help_text=DAY_HELP)
    is_quick_win = forms.TypedChoiceField(
        label=_("Quick win"),
        choices=[("1", _("The programme is a quick win")), ("0", _("It is no longer one"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the programme is a quick win.")},
    )

    field_order = ["is_quick_win", "valid_from", "reason"]
