"""Pages of the council's meeting: the list, the meeting, a dimension, the evaluation form."""

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ambon_smartcity.http import UserRequest, signed_in, take_kept_text
from audit.permissions import visible_history
from dimensions.models import Dimension
from evaluations.charts import achievement_chart
from evaluations.forms import EvaluationForm
from evaluations.models import DimensionEvaluation, Meeting
from evaluations.permissions import (
    can_evaluate,
    programs_with_visible_figures,
    visible_evaluations,
    visible_meetings,
)
from evaluations.services import EditConflict, refuse_unless_open, save_evaluation
from programs.figures import DimensionFigures, YearFigures, year_figures
from programs.overview import StoredDimension, StoredYear, stored_year
from programs.permissions import can_review_entries, sees_whole_city


@signed_in
@never_cache
@require_GET
def list_meetings(request: UserRequest) -> HttpResponse:
    meetings = list(visible_meetings(request.user).select_related("masterplan"))
    context = {
        "meetings": [
            (meeting, earlier) for meeting, earlier in zip_longest(meetings, meetings[1:])
        ],
        "sees_city": sees_whole_city(request.user),
    }
    return render(request, "evaluations/meeting_list.html", context)


@signed_in
@never_cache
@require_GET
def view_meeting(request: UserRequest, slug: str) -> HttpResponse:
    """Show a meeting: its facts, the evaluated year's figures, and where evaluation stands."""
    meeting = _visible_meeting(request, slug)
    sees_city = sees_whole_city(request.user)
    figures = _meeting_figures(request, meeting)
    context = {
        "meeting": meeting,
        "figures": figures,
        "sees_city": sees_city,
        "today": timezone.localdate(),
        "chart": achievement_chart(figures) if sees_city else None,
        "attendances": meeting.attendances.select_related("organization"),
        "handed_in": _handed_in(request, meeting),
        "own_answers": _own_answers(request, meeting, figures),
        "runs_meeting": can_review_entries(request.user),
        "history": visible_history(request.user, meeting, is_own=False)[:50],
    }
    return render(request, "evaluations/meeting_detail.html", context)


def _meeting_figures(request: UserRequest, meeting: Meeting) -> YearFigures | StoredYear:
    """Return the city's headlines for those who see them, else the agency's own programmes."""
    if sees_whole_city(request.user):
        return stored_year(meeting.masterplan, meeting.evaluated_year)
    programs = programs_with_visible_figures(request.user, meeting)
    return year_figures(programs, meeting.evaluated_year)


def _own_answers(
    request: UserRequest, meeting: Meeting, figures: YearFigures | StoredYear
) -> list[tuple[DimensionFigures | StoredDimension, DimensionEvaluation | None]]:
    """Return each dimension with the member's own answer; nothing for others or once closed."""
    if not (can_evaluate(request.user) and meeting.is_open):
        return []
    own = meeting.evaluations.filter(member=request.user).select_related("dimension")
    by_code = {one.dimension.code: one for one in own}
    return [(one, by_code.get(one.code)) for one in figures.dimensions]


def _handed_in(request: UserRequest, meeting: Meeting) -> dict[str, int]:
    """Return dimension code -> number of answers handed in, for whoever runs the meeting."""
    if not can_review_entries(request.user):
        return {}
    counted = Dimension.objects.annotate(
        handed_in=Count(
            "evaluations",
            filter=Q(
                evaluations__meeting=meeting,
                evaluations__status=DimensionEvaluation.Status.SUBMITTED,
            ),
        )
    )
    return {one.code: one.handed_in for one in counted}


@signed_in
@never_cache
@require_GET
def view_dimension(request: UserRequest, slug: str, code: str) -> HttpResponse:
    """Show every programme and indicator of one dimension in the evaluated year."""
    meeting = _visible_meeting(request, slug)
    dimension = get_object_or_404(Dimension, code=code)
    context = {
        "meeting": meeting,
        "dimension": _dimension_figures(request, meeting, dimension),
        "sees_city": sees_whole_city(request.user),
        "can_evaluate": can_evaluate(request.user),
    }
    return render(request, "evaluations/dimension_detail.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_evaluation(request: UserRequest, slug: str, code: str) -> HttpResponse:
    """Let a council member score one dimension; drafts may be incomplete, a hand-in may not."""
    meeting = _visible_meeting(request, slug)
    dimension = get_object_or_404(Dimension, code=code)
    if not can_evaluate(request.user):
        raise PermissionDenied
    refuse_unless_open(meeting)
    evaluation = (
        visible_evaluations(request.user)
        .filter(meeting=meeting, dimension=dimension)
        .prefetch_related("scores")
        .first()
    )
    form = _evaluation_form(request, meeting, evaluation)
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_evaluation(
                    meeting,
                    dimension,
                    form.content(),
                    version=form.cleaned_data["version"],
                    submit="submit" in request.POST,
                    by=request.user,
                )
            except EditConflict as conflict:
                theirs, status = conflict.current, 409
                form = _reopened(request, meeting, form, version=conflict.current.version)
            else:
                return _after_saving(request, meeting, dimension)
    context = {
        "meeting": meeting,
        "dimension": _dimension_figures(request, meeting, dimension),
        "evaluation": evaluation,
        "form": form,
        "theirs": theirs,
    }
    return render(request, "evaluations/evaluation_form.html", context, status=status)


def _evaluation_form(
    request: UserRequest, meeting: Meeting, evaluation: DimensionEvaluation | None
) -> EvaluationForm:
    data = request.POST if request.method == "POST" else take_kept_text(request)
    if data is not None and request.method == "GET":
        messages.warning(
            request,
            _("Your session had ended. What you typed is back below; it is not saved yet."),
        )
    return EvaluationForm(
        data,
        criteria=list(meeting.rubric.criteria.all()),
        levels=list(meeting.rubric.levels.all()),
        evaluation=evaluation,
        must_be_complete="submit" in request.POST,
    )


def _reopened(
    request: UserRequest, meeting: Meeting, form: EvaluationForm, *, version: int
) -> EvaluationForm:
    """Return the form with all that was chosen, ready to be saved over the newer version."""
    data = request.POST.copy()
    data["version"] = str(version)
    return EvaluationForm(data, criteria=form.criteria, levels=list(meeting.rubric.levels.all()))


def _after_saving(request: UserRequest, meeting: Meeting, dimension: Dimension) -> HttpResponse:
    if "submit" in request.POST:
        messages.success(
            request, _("Your evaluation of %(dimension)s was handed in.") % {"dimension": dimension}
        )
        return redirect(meeting)
    messages.success(request, _("The draft is saved."))
    return redirect("evaluations:edit-evaluation", meeting.slug, dimension.code)


def _visible_meeting(request: UserRequest, slug: str) -> Meeting:
    meetings = visible_meetings(request.user).select_related("masterplan", "rubric")
    return get_object_or_404(meetings, slug=slug)


def _dimension_figures(request: UserRequest, meeting: Meeting, dimension: Dimension) -> Any:
    programs = programs_with_visible_figures(request.user, meeting).filter(
        sub_dimension__dimension=dimension
    )
    figures = year_figures(programs, meeting.evaluated_year)
    return next(one for one in figures.dimensions if one.code == dimension.code)
