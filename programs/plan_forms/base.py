"""What the plan's forms have in common: what was seen, choices, cells of a table."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict
from django.http import QueryDict

from dimensions.models import Organization
from programs.fields import NumberField
from programs.models import Program

M = TypeVar("M", bound=models.Model)


class SeenForm(forms.Form):
    """`version` stands for what the person was looking at; nothing where there was none."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    @property
    def seen(self) -> str:
        return str(self.cleaned_data["version"])


class PlanForm(SeenForm, forms.ModelForm[M]):
    """A form that takes labels, choices and lengths from a model, and never touches a record."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        thing: M | None = None,
        seen: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        shown = model_to_dict(thing, self._meta.fields) if thing else {}
        super().__init__(data, initial={"version": seen, **shown, **(initial or {})})

    def _post_clean(self) -> None:
        """Fill in no record: the service does, and asks what the database would refuse."""

    def values(self) -> dict[str, Any]:
        """Return the valid form as what the service takes."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def choose_organizations(self, thing: M | None, *names: str) -> None:
        """Offer the organisations in use, and those the record already names."""
        for name in names:
            kept = self.initial.get(name) if thing else None
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = organizations_in_use(kept)

    def lock(self, names: Iterable[str], why: str) -> None:
        """Show fields that can no longer change, and say why; what is sent for them is ignored."""
        for name in names:
            self.fields[name].disabled = True
            self.fields[name].help_text = why


def organizations_in_use(kept: Any) -> QuerySet[Organization]:
    keys = [getattr(one, "pk", one) for one in (kept if isinstance(kept, list) else [kept])]
    return Organization.objects.filter(
        Q(is_archived=False) | Q(pk__in=[key for key in keys if key is not None])
    )


class ProgramChoiceField(forms.ModelChoiceField[Program]):
    """Programmes of several masterplans, told apart by their years."""

    def label_from_instance(self, obj: Program) -> str:
        plan = obj.masterplan
        return f"{obj} ({plan.start_year}–{plan.end_year})"


def cell_widget(label: str, size: int, inputmode: str = "decimal") -> forms.TextInput:
    """Return the input of one cell of a table: its visible label is the row and the column."""
    return forms.TextInput(
        attrs={
            "inputmode": inputmode,
            "autocomplete": "off",
            "aria-label": label,
            "size": size,
            "class": "form-control w-auto",
        }
    )


def number_cell(label: str, size: int = 8, **kwargs: Any) -> NumberField:
    return NumberField(label=label, widget=cell_widget(label, size), **kwargs)
