"""Pages of the rules: what counts from which year, and where the secretariat decides it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ambon_smartcity.http import UserRequest, signed_in
from audit.permissions import visible_history
from dimensions.form_pages import accepts, form_page, refuse_others, saved, typed
from dimensions.models import Dimension, Masterplan
from dimensions.permissions import can_manage_frame
from programs import rules
from programs.models import PerformanceScale, Program, ScoringMethod, Weight, WeightSet
from programs.readings import parent_of
from programs.rule_forms import (
    MethodForm,
    ScaleForm,
    WeightsForm,
    band_rows,
    said_by_method,
    typed_bands,
)
from programs.weights import Weighed, set_weights, weights_of


@dataclass(frozen=True)
class WeightLine:
    """One set of weights that counts, and where its parent's weights are decided."""

    kind: str
    key: int
    label: str
    weight_set: WeightSet


@signed_in
@never_cache
@require_GET
def view_method(request: UserRequest) -> HttpResponse:
    """Show every masterplan's rules by the year they count from, and all class tables."""
    methods = ScoringMethod.objects.select_related("scale").prefetch_related("scale__bands")
    masterplans = Masterplan.objects.prefetch_related(Prefetch("methods", methods))
    in_force = _weights_in_force()
    used = set(ScoringMethod.objects.values_list("scale", flat=True))
    context = {
        "plans": [{"masterplan": one, "weights": in_force.get(one.pk, [])} for one in masterplans],
        "scales": [
            {"scale": one, "is_used": one.pk in used}
            for one in PerformanceScale.objects.prefetch_related("bands")
        ],
        "dimensions": Dimension.objects.all(),
        "can_edit": can_manage_frame(request.user),
    }
    return render(request, "programs/rules/method.html", context)


def _weights_in_force() -> dict[int, list[WeightLine]]:
    """Return masterplan key -> each parent's last decision for each year, in five queries."""
    weights = Weight.objects.select_related("indicator", "program", "dimension")
    sets = WeightSet.objects.select_related("masterplan", "program", "dimension").prefetch_related(
        Prefetch("weights", weights)
    )
    last = {(one.masterplan_id, parent_of(one), one.from_year): one for one in sets}
    found: dict[int, list[WeightLine]] = {}
    for (masterplan_id, (kind, key), _year), one in last.items():
        label = str(one.program or one.dimension or one.masterplan)
        found.setdefault(masterplan_id, []).append(WeightLine(kind, key, label, one))
    return found


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_scale(request: UserRequest) -> HttpResponse:
    """Write down a class table, from nothing or from one that is there (?dari=)."""
    refuse_others(request)
    origin = _origin(request)
    sent = typed(request)
    start = {"name": origin.name, "source": origin.source} if origin else {}
    form, rows = ScaleForm(sent, initial=start), band_rows(sent, origin)
    made: list[PerformanceScale] = []

    def save() -> None:
        said = form.cleaned_data
        made.append(
            rules.add_scale(said["name"], said["source"], typed_bands(rows), by=request.user)
        )

    if request.method == "POST" and accepts([form, *rows], save):
        return saved(request, made[0], "programs:view-method")
    return form_page(request, "programs/rules/scale_form.html", form, *rows, origin=origin)


def _origin(request: UserRequest) -> PerformanceScale | None:
    asked = request.GET.get("dari", "")
    if not asked:
        return None
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(PerformanceScale.objects.prefetch_related("bands"), pk=asked)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_method(request: UserRequest, pk: int) -> HttpResponse:
    """Decide by which rules a masterplan is scored from a year on."""
    masterplan = get_object_or_404(Masterplan, pk=pk)
    refuse_others(request)
    last = masterplan.methods.last()
    form = MethodForm(typed(request), masterplan=masterplan, initial=said_by_method(last))

    def save() -> None:
        reason = form.cleaned_data["reason"]
        rules.set_method(masterplan, form.values(), reason=reason, by=request.user)

    if request.method == "POST" and accepts([form], save):
        messages.success(request, _("The method is decided, and its years are counted anew."))
        return redirect("programs:view-method")
    return form_page(
        request,
        "programs/rules/method_form.html",
        form,
        masterplan=masterplan,
        decisions=_decisions(request, masterplan.methods.all()),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_weights(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Weigh the children of a programme, a dimension or a masterplan from a year on."""
    weighed = _weighed(request, kind, pk)
    refuse_others(request)
    sets = list(weighed.sets())
    children = weighed.children()
    form = WeightsForm(
        typed(request),
        masterplan=weighed.masterplan,
        children=children,
        weights=weights_of(sets[-1] if sets else None),
    )

    def save() -> None:
        set_weights(
            weighed,
            form.weights(),
            from_year=form.cleaned_data["from_year"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )

    if request.method == "POST" and accepts([form], save):
        messages.success(request, _("The weights are decided, and their years are counted anew."))
        return redirect("programs:view-method")
    return form_page(
        request,
        "programs/rules/weights_form.html",
        form,
        weighed=weighed,
        children=children,
        kind=kind,
        decisions=_decisions(request, sets),
    )


def _weighed(request: UserRequest, kind: str, pk: int) -> Weighed:
    """Return whose weights the address means, or 404."""
    if kind == "program":
        program = get_object_or_404(Program.objects.select_related("masterplan"), pk=pk)
        return Weighed(program.masterplan, program=program)
    if kind == "masterplan":
        return Weighed(get_object_or_404(Masterplan, pk=pk))
    if kind != "dimension":
        raise Http404
    dimension = get_object_or_404(Dimension, pk=pk)
    asked = request.GET.get("masterplan", "")
    plans = Masterplan.objects.filter(pk=asked) if asked.isdecimal() else _plans_of(dimension)
    masterplan = plans.first()
    if masterplan is None:
        raise Http404
    return Weighed(masterplan, dimension=dimension)


def _plans_of(dimension: Dimension) -> Any:
    """Return the masterplans with programmes in the dimension, the newest first."""
    return Masterplan.objects.filter(programs__sub_dimension__dimension=dimension).distinct()


def _decisions(request: UserRequest, made: Iterable[Any]) -> list[Any]:
    """Return what the trail says of these decisions, newest first."""
    found = [entry for one in made for entry in visible_history(request.user, one, is_own=False)]
    return sorted(found, key=lambda entry: -entry.sequence)
