"""The trail in the management pages, and the mixin that makes those pages write to it."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from audit.models import AuditEntry
from audit.permissions import can_read_trail
from audit.services import record


class AuditedAdmin(admin.ModelAdmin[Any]):
    """A management page whose every addition, change and deletion leaves a row in the trail."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        record("add", obj, by=request.user, details={"fields": message})  # type: ignore[arg-type]
        return super().log_addition(request, obj, message)

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,
    ) -> Any:
        """Remember from what to what each field went, for the row that `log_change` writes."""
        request.audited_changes = {  # type: ignore[attr-defined]
            name: (form.initial.get(name), form.cleaned_data.get(name))
            for name in form.changed_data
            if not hasattr(form.cleaned_data.get(name), "__iter__")
            or isinstance(form.cleaned_data.get(name), str)
        }
        return super().construct_change_message(request, form, formsets, add)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        record(
            "change",
            obj,
            by=request.user,  # type: ignore[arg-type]
            details={"fields": message},
            changes=getattr(request, "audited_changes", {}),
        )
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for thing in queryset:
            record("delete", thing, by=request.user)  # type: ignore[arg-type]
        return super().log_deletions(request, queryset)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    list_display = ["sequence", "at", "sentence"]
    search_fields = ["actor_label", "object_label"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        return request.user.is_authenticated and can_read_trail(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
