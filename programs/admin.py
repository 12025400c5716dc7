"""Management page of the reporting periods; the masterplan's work has pages of its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dimensions.admin import ManagedAdmin
from programs.models import ReportingPeriod
from programs.summaries import count_periods


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(ManagedAdmin):
    list_display = ["__str__", "status", "due_on"]
    exclude = ["is_demo"]

    def save_model(
        self, request: HttpRequest, obj: ReportingPeriod, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        count_periods([obj])
