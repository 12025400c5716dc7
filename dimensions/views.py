"""Pages of the plan: its masterplans with their versions, and its dimensions."""

from copy import copy

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ambon_smartcity.http import UserRequest, signed_in
from audit.permissions import visible_history
from dimensions import services
from dimensions.form_pages import accepts, form_page, refuse_others, saved, typed
from dimensions.forms import DimensionForm, MasterplanForm, RevisionForm, SubDimensionForm
from dimensions.models import Dimension, Masterplan
from dimensions.permissions import can_manage_frame


@signed_in
@never_cache
@require_GET
def plan(request: UserRequest) -> HttpResponse:
    context = {
        "masterplans": Masterplan.objects.all(),
        "can_edit": can_manage_frame(request.user),
    }
    return render(request, "dimensions/plan.html", context)


# --- masterplans -----------------------------------------------------------------------------


@signed_in
@never_cache
@require_GET
def view_masterplan(request: UserRequest, pk: int) -> HttpResponse:
    """Show a masterplan, its versions and what happened to it."""
    masterplan = get_object_or_404(Masterplan, pk=pk)
    context = {
        "masterplan": masterplan,
        "revisions": masterplan.revisions.all(),
        "can_edit": can_manage_frame(request.user),
        "history": visible_history(request.user, masterplan, is_own=False),
    }
    return render(request, "dimensions/masterplan_detail.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_masterplan(request: UserRequest) -> HttpResponse:
    refuse_others(request)
    form = MasterplanForm(typed(request))
    if request.method == "POST" and form.is_valid():
        masterplan = services.add_masterplan(form.cleaned_data, by=request.user)
        return saved(request, masterplan, "dimensions:view-masterplan", masterplan.pk)
    return form_page(request, "dimensions/masterplan_form.html", form, masterplan=None)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_masterplan(request: UserRequest, pk: int) -> HttpResponse:
    masterplan = get_object_or_404(Masterplan, pk=pk)
    refuse_others(request)
    form = MasterplanForm(typed(request), instance=copy(masterplan))
    if request.method == "POST" and accepts(
        [form],
        lambda: services.change_masterplan(masterplan, form.cleaned_data, by=request.user),
    ):
        return saved(request, form.instance, "dimensions:view-masterplan", pk)
    return form_page(
        request,
        "dimensions/masterplan_form.html",
        form,
        masterplan=masterplan,
        years_stay=services.is_in_use(masterplan),
        history=visible_history(request.user, masterplan, is_own=False),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_revision(request: UserRequest, pk: int) -> HttpResponse:
    masterplan = get_object_or_404(Masterplan, pk=pk)
    refuse_others(request)
    form = RevisionForm(typed(request))
    if request.method == "POST" and accepts(
        [form],
        lambda: services.add_revision(masterplan, **form.cleaned_data, by=request.user),
    ):
        return saved(request, masterplan, "dimensions:view-masterplan", pk)
    return form_page(request, "dimensions/revision_form.html", form, masterplan=masterplan)


# --- dimensions ------------------------------------------------------------------------------


@signed_in
@never_cache
@require_GET
def list_dimensions(request: UserRequest) -> HttpResponse:
    context = {
        "dimensions": Dimension.objects.prefetch_related("sub_dimensions"),
        "can_edit": can_manage_frame(request.user),
    }
    return render(request, "dimensions/dimension_list.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_dimension(request: UserRequest, code: str) -> HttpResponse:
    """Name a dimension and its sub-dimensions on one form; all of it is saved, or nothing."""
    dimension = get_object_or_404(Dimension, code=code)
    refuse_others(request)
    sent = typed(request)
    form = DimensionForm(sent, instance=copy(dimension))
    parts = [
        SubDimensionForm(sent, instance=part, prefix=f"sub{part.pk}")
        for part in dimension.sub_dimensions.all()
    ]

    def save() -> None:
        values = {part.instance.pk: part.cleaned_data for part in parts}
        services.change_dimension(dimension, form.cleaned_data, values, by=request.user)

    if request.method == "POST" and accepts([form, *parts], save):
        return saved(request, form.instance, "dimensions:list-dimensions")
    return form_page(
        request,
        "dimensions/dimension_form.html",
        form,
        *parts,
        dimension=dimension,
        history=visible_history(request.user, dimension, is_own=False),
    )
