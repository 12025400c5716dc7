"""The base of all management pages; the frame itself has pages of its own."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db import models
from django.http import HttpRequest

from ambon_smartcity.days import DayField
from audit.admin import AuditedAdmin
from dimensions.permissions import can_manage_frame


class ManagedAdmin(AuditedAdmin):
    """A page for those whom one rule of permissions.py lets manage; nothing is deleted here."""

    may_manage: ClassVar[Callable[[Any], bool]] = can_manage_frame
    formfield_overrides = {
        models.DateField: {"form_class": DayField, "widget": AdminDateWidget},
    }

    def _manages(self, request: HttpRequest) -> bool:
        return type(self).may_manage(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._manages(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self._manages(request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:  # noqa: ARG002
        return self._manages(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self._manages(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class ManagedInline(admin.TabularInline[Any, Any]):
    """Rows edited on their parent's page, by whoever may manage the parent."""

    extra = 0
    may_manage: ClassVar[Callable[[Any], bool]] = can_manage_frame

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return type(self).may_manage(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
