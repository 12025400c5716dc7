"""The management pages' door, and the pages of people."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import (
    can_give_role,
    can_manage_people,
    can_manage_person,
    manageable_people,
)
from audit.admin import AuditedAdmin

admin.site.site_header = _("Data management")
admin.site.site_title = _("Data management")
admin.site.index_title = _("Masterplan, organisations, periods, meetings and people")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister(Group)


def _may_enter(request: HttpRequest) -> bool:
    return can_manage_people(request.user)


admin.site.has_permission = _may_enter  # type: ignore[method-assign]  # one rule for the door


class RoleRuleMixin(forms.ModelForm[User]):
    """Refuses a role that the person at the keyboard may not hand out."""

    giver: User

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        if not can_give_role(self.giver, role):
            raise ValidationError(_("You may not give this role."))
        return role


class PersonCreationForm(RoleRuleMixin, AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ["username", "full_name", "role", "organization"]


class PersonChangeForm(RoleRuleMixin, UserChangeForm[User]):
    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role", "organization", "is_active"]


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin[User]):
    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ["username", "full_name", "role", "organization", "is_active"]
    list_filter = ["role", "is_active", "organization"]
    search_fields = ["username", "full_name"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name", "email", "role", "organization", "is_active"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "full_name",
                    "role",
                    "organization",
                    "usable_password",
                    "password1",
                    "password2",
                ]
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return manageable_people(request.user)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.giver = request.user  # type: ignore[attr-defined]
        return form

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_manage_people(request.user)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_manage_people(request.user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is None:
            return can_manage_people(request.user)
        return can_manage_person(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        return False
