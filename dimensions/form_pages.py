"""What every form page of the frame does with what was typed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ambon_smartcity.http import UserRequest, take_kept_text
from dimensions.permissions import can_manage_frame


def refuse_others(request: UserRequest) -> None:
    if not can_manage_frame(request.user):
        raise PermissionDenied


def typed(request: UserRequest) -> QueryDict | None:
    """Return what was typed, just now or before the session ended."""
    if request.method == "POST":
        return request.POST
    kept = take_kept_text(request)
    if kept is not None:
        messages.warning(
            request,
            _("Your session had ended. What you typed is back below; it is not saved yet."),
        )
    return kept


def accepts(parts: list[forms.BaseForm], act: Callable[[], object]) -> bool:
    """Do it if all was typed right; what only the record can refuse goes to its field."""
    if not all([part.is_valid() for part in parts]):  # noqa: C419  each shows its own errors
        return False
    try:
        act()
    except ValidationError as error:
        parts[0].add_error(None, error)
        return False
    return True


def saved(request: UserRequest, thing: models.Model, to: str, *args: Any) -> HttpResponse:
    messages.success(request, _("“%(record)s” is saved.") % {"record": thing})
    return redirect(to, *args)


def form_page(
    request: UserRequest, template: str, form: forms.BaseForm, *parts: forms.BaseForm, **more: Any
) -> HttpResponse:
    wrong = [one for one in (form, *parts) if one.errors]
    context = {"form": form, "parts": parts, "wrong": wrong, **more}
    return render(request, template, context, status=422 if request.method == "POST" else 200)
