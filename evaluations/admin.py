"""Management pages of meetings and evaluation forms."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dimensions.admin import ManagedAdmin, ManagedInline
from evaluations.models import Attendance, Criterion, Meeting, Rubric, RubricLevel
from evaluations.scoring import FULL_WEIGHT


class CriteriaFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """The weights of a rubric total 100."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("weight")]
        total = sum((row["weight"] for row in kept if not row.get("DELETE")), Decimal(0))
        if total != FULL_WEIGHT:
            raise ValidationError(
                _("The weights total %(total)s; they must total 100.") % {"total": total}
            )


class CriterionInline(ManagedInline):
    model = Criterion
    formset = CriteriaFormSet


class RubricLevelInline(ManagedInline):
    model = RubricLevel


class AttendanceInline(ManagedInline):
    model = Attendance


@admin.register(Rubric)
class RubricAdmin(ManagedAdmin):
    list_display = ["name", "version", "scale_max"]
    inlines = [CriterionInline, RubricLevelInline]

    def has_change_permission(self, request: HttpRequest, obj: Rubric | None = None) -> bool:
        """A form that was answered is never edited, only replaced by a new version."""
        if obj is not None and obj.meetings.filter(evaluations__isnull=False).exists():
            return False
        return super().has_change_permission(request, obj)


@admin.register(Meeting)
class MeetingAdmin(ManagedAdmin):
    list_display = ["title", "stage", "held_on", "evaluated_year", "status"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["organizations"]
    exclude = ["is_demo"]
    inlines = [AttendanceInline]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Finalising is an act of its own, never a choice in a list."""
        if db_field.name == "status":
            kwargs["choices"] = [
                (one.value, one.label) for one in (Meeting.Status.PLANNED, Meeting.Status.OPEN)
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        """A finalised meeting stays as it is."""
        if obj is not None and obj.is_finalised:
            return False
        return super().has_change_permission(request, obj)
