"""Management pages of the masterplan's work: programmes, activities, indicators, periods."""

from django.contrib import admin

from dimensions.admin import ManagedAdmin, ManagedInline
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    Program,
    ReportingPeriod,
)


class ActivityYearInline(ManagedInline):
    model = ActivityYear
    exclude = ["is_demo"]


class AnnualTargetInline(ManagedInline):
    model = AnnualTarget
    exclude = ["is_demo"]


@admin.register(Program)
class ProgramAdmin(ManagedAdmin):
    list_display = ["code", "title", "owner", "sub_dimension", "is_demo"]
    list_filter = ["masterplan", "sub_dimension__dimension", "owner"]
    search_fields = ["code", "title"]
    exclude = ["is_demo"]


@admin.register(Activity)
class ActivityAdmin(ManagedAdmin):
    list_display = ["code", "title", "program", "owner", "is_demo"]
    list_filter = ["dimension", "owner"]
    search_fields = ["code", "title"]
    exclude = ["is_demo"]
    inlines = [ActivityYearInline]


@admin.register(Indicator)
class IndicatorAdmin(ManagedAdmin):
    list_display = ["code", "name", "unit", "polarity", "aggregation", "is_demo"]
    list_filter = ["activity__dimension", "polarity", "aggregation"]
    search_fields = ["code", "name"]
    exclude = ["is_demo"]
    inlines = [AnnualTargetInline]


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(ManagedAdmin):
    list_display = ["__str__", "status", "due_on"]
    exclude = ["is_demo"]
