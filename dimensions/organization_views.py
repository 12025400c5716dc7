"""Pages on which the secretariat keeps an organisation: names, aliases, archive."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ambon_smartcity.http import UserRequest, signed_in
from audit.permissions import visible_history
from dimensions import services
from dimensions.form_pages import accepts, form_page, refuse_others, saved, typed
from dimensions.forms import (
    AliasForm,
    NewOrganizationForm,
    OrganizationForm,
    ReasonForm,
    RenameForm,
)
from dimensions.models import Organization
from dimensions.permissions import visible_organizations


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_organization(request: UserRequest) -> HttpResponse:
    refuse_others(request)
    form = NewOrganizationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        organization = services.add_organization(form.cleaned_data, by=request.user)
        return saved(request, organization, "dimensions:edit-organization", organization.code)
    return form_page(request, "dimensions/organization_add.html", form)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_organization(request: UserRequest, code: str) -> HttpResponse:
    """Change what is known of an organisation; from here to its names, aliases and archive."""
    organization = _organization(request, code)
    form = OrganizationForm(typed(request), instance=copy(organization))
    if request.method == "POST" and accepts(
        [form],
        lambda: services.change_organization(organization, form.cleaned_data, by=request.user),
    ):
        return saved(request, organization, "dimensions:edit-organization", code)
    return form_page(
        request,
        "dimensions/organization_form.html",
        form,
        organization=organization,
        names=organization.names.all(),
        aliases=organization.aliases.all(),
        history=visible_history(request.user, organization, is_own=False),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def rename_organization(request: UserRequest, code: str) -> HttpResponse:
    organization = _organization(request, code)
    present = {
        "short_name": organization.short_name,
        "official_name": organization.official_name,
    }
    form = RenameForm(typed(request), initial=present)
    if request.method == "POST" and accepts(
        [form],
        lambda: services.rename_organization(organization, **form.cleaned_data, by=request.user),
    ):
        organization.refresh_from_db()
        return saved(request, organization, "dimensions:edit-organization", code)
    return form_page(
        request,
        "dimensions/organization_rename.html",
        form,
        organization=organization,
        names=organization.names.all(),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_alias(request: UserRequest, code: str) -> HttpResponse:
    organization = _organization(request, code)
    form = AliasForm(typed(request))
    if request.method == "POST" and form.is_valid():
        alias = services.add_alias(organization, **form.cleaned_data, by=request.user)
        return saved(request, alias, "dimensions:edit-organization", code)
    return form_page(request, "dimensions/alias_form.html", form, organization=organization)


@signed_in
@require_POST
def remove_alias(request: UserRequest, code: str, pk: int) -> HttpResponse:
    alias = get_object_or_404(_organization(request, code).aliases, pk=pk)
    services.remove_alias(alias, by=request.user)
    messages.success(request, _("“%(record)s” was removed.") % {"record": alias})
    return redirect("dimensions:edit-organization", code)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def archive_organization(request: UserRequest, code: str) -> HttpResponse:
    organization = _organization(request, code)
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        services.archive_organization(organization, **form.cleaned_data, by=request.user)
        return saved(request, organization, "dimensions:edit-organization", code)
    return form_page(
        request, "dimensions/organization_archive.html", form, organization=organization
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def restore_organization(request: UserRequest, code: str) -> HttpResponse:
    organization = _organization(request, code)
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        services.restore_organization(organization, **form.cleaned_data, by=request.user)
        return saved(request, organization, "dimensions:edit-organization", code)
    return form_page(
        request, "dimensions/organization_restore.html", form, organization=organization
    )


@signed_in
@require_POST
def delete_organization(request: UserRequest, code: str) -> HttpResponse:
    """Delete an organisation that nothing refers to; archive one that has a history."""
    organization = _organization(request, code)
    name = {"record": organization}
    if services.delete_organization(organization, by=request.user):
        messages.success(request, _("“%(record)s” was deleted.") % name)
        return redirect("dimensions:plan")
    messages.warning(
        request, _("“%(record)s” has a history, so it was archived, not deleted.") % name
    )
    return redirect("dimensions:edit-organization", code)


def _organization(request: UserRequest, code: str) -> Organization:
    organization = get_object_or_404(visible_organizations(request.user), code=code)
    refuse_others(request)
    return organization
