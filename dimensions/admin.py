"""Management pages of the frame, and the base of all management pages."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from audit.admin import AuditedAdmin
from dimensions.models import Dimension, Masterplan, Organization, OrganizationAlias, SubDimension
from dimensions.permissions import can_manage_frame


class ManagedAdmin(AuditedAdmin):
    """A page for those whom one rule of permissions.py lets manage; nothing is deleted here."""

    may_manage: ClassVar[Callable[[Any], bool]] = can_manage_frame

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


class AliasInline(ManagedInline):
    model = OrganizationAlias


class SubDimensionInline(ManagedInline):
    model = SubDimension


@admin.register(Masterplan)
class MasterplanAdmin(ManagedAdmin):
    list_display = ["__str__", "version"]


@admin.register(Dimension)
class DimensionAdmin(ManagedAdmin):
    list_display = ["code", "name", "position"]
    inlines = [SubDimensionInline]


@admin.register(Organization)
class OrganizationAdmin(ManagedAdmin):
    list_display = ["short_name", "official_name", "kind", "dimension", "name_is_uncertain"]
    list_filter = ["kind", "dimension"]
    search_fields = ["short_name", "official_name", "aliases__alias"]
    inlines = [AliasInline]
