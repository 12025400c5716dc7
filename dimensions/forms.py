"""What the browser said about the frame."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.days import WRONG_YEAR, DayField
from ambon_smartcity.texts import PlainTextField
from dimensions.models import (
    Dimension,
    Masterplan,
    MasterplanRevision,
    Organization,
    OrganizationAlias,
    OrganizationName,
    SubDimension,
)
from dimensions.services import YEARS, overlapping_masterplan

DAY_HELP = _("Day, month, year: 28-02-2026")


class LineField(forms.CharField):
    """One line: spaces in a row are one, and what nobody can see is refused."""

    def to_python(self, value: Any) -> str:
        text = PlainTextField(rows=1).to_python(super().to_python(value))
        return " ".join(text.split())


class YearField(forms.IntegerField):
    """One year in four digits, from 2000 to 2100."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_validators = [
        MinValueValidator(2000, WRONG_YEAR),
        MaxValueValidator(2100, WRONG_YEAR),
    ]

    def to_python(self, value: Any) -> int | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{4}", text):
            raise forms.ValidationError(gettext("Write the year in four digits, like 2025."))
        return int(text)


class MasterplanForm(forms.ModelForm[Masterplan]):
    class Meta:
        model = Masterplan
        fields = ["name", "start_year", "end_year", "source"]
        field_classes = {
            "name": LineField,
            "start_year": YearField,
            "end_year": YearField,
            "source": LineField,
        }

    def clean(self) -> None:
        super().clean()
        start, end = self.cleaned_data.get("start_year"), self.cleaned_data.get("end_year")
        if start is None or end is None:
            return
        others = Masterplan.objects.exclude(pk=self.instance.pk)
        if end < start:
            self.add_error("end_year", gettext("A masterplan cannot end before it starts."))
        elif others.filter(start_year=start, end_year=end).exists():
            self.add_error("start_year", gettext("There is already a masterplan for these years."))
        elif set(YEARS) & set(self.changed_data):
            other = overlapping_masterplan(self.instance, start, end)
            if other is not None:
                sentence = gettext("These years overlap with “%(plan)s”.") % {"plan": other}
                self.add_error("start_year", sentence)


class RevisionForm(forms.ModelForm[MasterplanRevision]):
    class Meta:
        model = MasterplanRevision
        fields = ["valid_from", "decree", "reason"]
        field_classes = {"valid_from": DayField, "decree": LineField, "reason": LineField}
        labels = {"valid_from": _("Valid from")}
        help_texts = {
            "valid_from": DAY_HELP,
            "decree": _("Number and title, where there is one."),
            "reason": _("What changes in the plan, and why?"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].required = True
        self.fields["reason"].required = True


class DimensionForm(forms.ModelForm[Dimension]):
    class Meta:
        model = Dimension
        fields = ["name"]
        field_classes = {"name": LineField}


class SubDimensionForm(forms.ModelForm[SubDimension]):
    class Meta:
        model = SubDimension
        fields = ["name", "objective"]
        field_classes = {"name": LineField, "objective": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = {"code": self.instance.code}
        self.fields["name"].label = gettext("Name of %(code)s") % code
        self.fields["objective"].label = gettext("Objective of %(code)s") % code


class OrganizationForm(forms.ModelForm[Organization]):
    """What is known of an organisation besides its name."""

    class Meta:
        model = Organization
        fields = ["kind", "english_name", "dimension", "name_is_uncertain", "name_note"]
        field_classes = {"english_name": LineField, "name_note": LineField}


class NewOrganizationForm(OrganizationForm):
    class Meta(OrganizationForm.Meta):
        fields = ["code", "short_name", "official_name", *OrganizationForm.Meta.fields]
        field_classes = {
            **OrganizationForm.Meta.field_classes,
            "short_name": LineField,
            "official_name": LineField,
        }
        help_texts = {
            "code": _("Stands in addresses and imports, and stays: small letters, digits, hyphens.")
        }

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).lower()


class RenameForm(forms.ModelForm[OrganizationName]):
    class Meta:
        model = OrganizationName
        fields = ["short_name", "official_name", "valid_from", "source"]
        field_classes = {
            "short_name": LineField,
            "official_name": LineField,
            "valid_from": DayField,
            "source": LineField,
        }
        labels = {
            "short_name": _("New short name"),
            "official_name": _("New official name"),
            "valid_from": _("Valid from"),
            "source": _("Source or decree"),
        }
        help_texts = {"valid_from": DAY_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].required = True
        self.fields["source"].required = True


class AliasForm(forms.ModelForm[OrganizationAlias]):
    class Meta:
        model = OrganizationAlias
        fields = ["alias", "source"]
        field_classes = {"alias": LineField, "source": LineField}
        labels = {"alias": _("Other form of the name")}
        help_texts = {"source": _("Where does it stand so?")}

    def clean_alias(self) -> str:
        alias = str(self.cleaned_data["alias"])
        if OrganizationAlias.objects.filter(alias__iexact=alias).exists():
            raise forms.ValidationError(gettext("This alias already belongs to an organisation."))
        return alias


class ReasonForm(forms.Form):
    """Why something goes into the archive or comes out of it."""

    reason = PlainTextField(label=_("Reason"), max_length=300, rows=3)
