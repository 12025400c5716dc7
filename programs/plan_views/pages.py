"""What every page of the plan does: ask, show, carry out, and keep all that was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ambon_smartcity.http import Refused, UserRequest, take_kept_text
from dimensions.permissions import can_manage_frame
from programs.models import Activity, Indicator, Program
from programs.planning.saving import EditConflict

F = TypeVar("F", bound=forms.BaseForm)
Thing = Program | Activity | Indicator


@dataclass(frozen=True)
class Theirs:
    """What stands in a field now, where somebody else was faster."""

    label: str
    now: str


def refuse_others(request: UserRequest) -> None:
    if not can_manage_frame(request.user):
        raise PermissionDenied


def saved(request: UserRequest, thing: Thing) -> HttpResponse:
    """Say so, and lead on to the page of what was saved."""
    messages.success(request, _("“%(record)s” is saved.") % {"record": thing})
    return redirect(thing)


def answer(
    request: UserRequest,
    template: str,
    make: Callable[[QueryDict | None], F],
    act: Callable[[F], Thing | HttpResponse],
    **context: Any,
) -> HttpResponse:
    """Show a form, or carry out what it asks for; whatever is wrong, it comes back as typed.

    `act` returns what it saved, or where to go next. `make` is called again after a conflict, so
    it reads the record anew each time.
    """
    refuse_others(request)
    if request.method != "POST":
        return _page(request, template, make(_kept(request)), context)
    form = make(request.POST)
    status = 422
    if form.is_valid():
        try:
            done = act(form)
        except ValidationError as error:
            form.add_error(None, error)
        except Refused as error:
            form.add_error(None, str(error))
            status = 409
        except EditConflict:
            return _conflict(request, template, make, context)
        else:
            return done if isinstance(done, HttpResponse) else saved(request, done)
    return _page(request, template, form, context, status=status)


def _kept(request: UserRequest) -> QueryDict | None:
    kept = take_kept_text(request)
    if kept is not None:
        messages.warning(
            request,
            _("Your session had ended. What you typed is back below; it is not saved yet."),
        )
    return kept


def _conflict(
    request: UserRequest,
    template: str,
    make: Callable[[QueryDict | None], F],
    context: dict[str, Any],
) -> HttpResponse:
    """Show what was typed beside what stands there now, ready to be saved over it."""
    data = request.POST.copy()
    data["version"] = str(make(None).initial["version"])
    form = make(data)
    return _page(request, template, form, context | {"theirs": _theirs(form)}, status=409)


def _theirs(form: forms.BaseForm) -> list[Theirs]:
    return [
        Theirs(str(field.label), _in_words(field))
        for field in form
        if not field.is_hidden and _plain(field.value()) != _plain(_stored(field))
    ]


def _stored(field: forms.BoundField) -> Any:
    return field.field.prepare_value(field.initial)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(sorted(_plain(one) for one in value))
    return "" if value in {None, False} else str(value).strip().replace("True", "on")


def _in_words(field: forms.BoundField) -> str:
    """Write what is stored as the form would show it: a choice by its label."""
    stored = _stored(field)
    keys = [_plain(one) for one in (stored if isinstance(stored, list) else [stored])]
    if isinstance(stored, bool):
        return _("Yes") if stored else _("No")
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", [])}
    return ", ".join(labels.get(key, key) for key in keys)


def _page(
    request: UserRequest,
    template: str,
    form: forms.BaseForm,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    return render(request, template, {"theirs": [], **context, "form": form}, status=status)


def removed(
    request: UserRequest, thing: Thing, *, is_deleted: bool, otherwise: str
) -> HttpResponse:
    """Say whether it was deleted, or why not; what is gone leads on to another page."""
    sentence = (
        _("“%(record)s” was never used, so it was deleted.")
        if is_deleted
        else _("“%(record)s” has a history, so it was archived, not deleted.")
    )
    messages.success(request, sentence % {"record": thing})
    return redirect(otherwise) if is_deleted else redirect(thing)
