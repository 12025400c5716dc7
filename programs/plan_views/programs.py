"""Pages on which the secretariat adds and changes programmes."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ambon_smartcity.http import UserRequest, signed_in
from dimensions.models import Masterplan, SubDimension
from programs.models import Program
from programs.permissions import visible_programs
from programs.plan_forms.programs import (
    CloseProgramForm,
    NewProgramForm,
    ProgramForm,
    QuickWinForm,
)
from programs.plan_views.pages import answer
from programs.planning import programs


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_program(request: UserRequest) -> HttpResponse:
    """Add a programme; the address may name its masterplan and its dimension."""
    chosen = Masterplan.objects.filter(pk=_key(request.GET.get("masterplan")))
    parts = SubDimension.objects.filter(dimension=_key(request.GET.get("dimension")))
    initial = {
        "masterplan": chosen.first() or Masterplan.objects.first(),
        "sub_dimension": parts.first(),
    }
    return answer(
        request,
        "programs/plan/program_form.html",
        lambda data: NewProgramForm(data, initial=initial),
        lambda form: programs.add_program(
            form.cleaned_data["masterplan"], form.values(), by=request.user
        ),
        program=None,
    )


def _key(text: str | None) -> int:
    """Read a key from the address; whatever else stands there names nothing."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_program(request: UserRequest, pk: int) -> HttpResponse:
    program = _program(request, pk)

    def make(data: QueryDict | None) -> ProgramForm:
        now = _program(request, pk)
        return ProgramForm(data, thing=now, seen=programs.program_stamp(now))

    return answer(
        request,
        "programs/plan/program_form.html",
        make,
        lambda form: programs.change_program(
            program, form.values(), seen=form.seen, by=request.user
        ),
        program=program,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def close_program(request: UserRequest, pk: int) -> HttpResponse:
    """Record how a programme ended."""
    program = _program(request, pk)
    return answer(
        request,
        "programs/plan/program_close.html",
        lambda data: CloseProgramForm(data, program=program),
        lambda form: programs.close_program(program, **form.cleaned_data, by=request.user),
        program=program,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def mark_quick_win(request: UserRequest, pk: int) -> HttpResponse:
    """Say from which day a programme is a quick win, or no longer is."""
    program = _program(request, pk)
    return answer(
        request,
        "programs/plan/program_quick_win.html",
        QuickWinForm,
        lambda form: programs.mark_quick_win(
            program, **form.cleaned_data, today=timezone.localdate(), by=request.user
        ),
        program=program,
        marks=program.quick_win_marks.all(),
    )


def _program(request: UserRequest, pk: int) -> Program:
    rows = visible_programs(request.user).select_related("masterplan", "sub_dimension__dimension")
    return get_object_or_404(rows, pk=pk)
