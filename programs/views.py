"""Pages of progress: the entry form, its check before it is handed in, the queue, the review."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ambon_smartcity.http import Refused, UserRequest, refusal, signed_in, take_kept_text
from ambon_smartcity.uploads import oversized_files
from audit.permissions import visible_history
from programs import desk
from programs.forms import EntryForm, ReturnForm, SeenVersionForm
from programs.models import Activity, ActivityYear, ProgressEntry, ReportingPeriod
from programs.permissions import (
    can_change_evidence,
    can_remove_evidence_of,
    can_review_entries,
    can_submit_entry,
    can_write_entries_of,
    reportable_activities,
    visible_entries,
    visible_evidence,
)
from programs.services import (
    EditConflict,
    missing_for_submission,
    refuse_unless_open,
    refuse_unless_writable,
    remove_evidence,
    return_entry,
    save_draft,
    submit_entry,
    verify_entry,
)

QUEUE_PAGE = 50


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_entry(request: UserRequest, activity_id: int, period_id: int) -> HttpResponse:
    """Fill in one activity for one period; nothing typed is dropped, whatever is wrong with it."""
    activity = get_object_or_404(
        reportable_activities(request.user).select_related("owner", "program", "dimension"),
        pk=activity_id,
    )
    period = get_object_or_404(
        ReportingPeriod.objects.filter(
            year__in=ActivityYear.objects.filter(activity=activity).values("fiscal_year")
        ),
        pk=period_id,
    )
    entry = _entry_of(activity, period)
    if entry is None:
        refuse_unless_open(period)
    elif request.method == "POST":
        refuse_unless_writable(entry)
    elif not (entry.is_writable and period.is_open):
        return _no_longer_writable(request, entry)
    form = _entry_form(request, activity, entry)
    status, conflict = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_draft(
                activity,
                period,
                form.content(),
                version=form.cleaned_data["version"],
                by=request.user,
                attached=form.attached(),
            )
        except EditConflict as error:
            conflict = error.current
            form = _reopened(request, form, version=conflict.version)
            status = 409
        else:
            return _after_saving(request, saved)
    elif request.method == "POST":
        status = 422
    context = _entry_context(activity, period, entry, form)
    context["theirs"] = desk.compare(conflict, None, handed_in=None) if conflict else None
    context["can_remove"] = can_remove_evidence_of(request.user, activity)
    context["can_submit"] = can_submit_entry(
        request.user, entry or ProgressEntry(activity=activity, period=period)
    )
    return render(request, "programs/entry_form.html", context, status=status)


def _no_longer_writable(request: UserRequest, entry: ProgressEntry) -> HttpResponse:
    """Lead on to the entry, unless a text typed before the session ended waits to be given back."""
    kept = take_kept_text(request)
    if kept is None:
        return redirect(entry)
    reason = _("This entry was handed in meanwhile, so what you typed could not be saved.")
    return refusal(request, reason, kept.dict())


def _entry_of(activity: Activity, period: ReportingPeriod) -> ProgressEntry | None:
    return (
        ProgressEntry.objects.filter(activity=activity, period=period)
        .select_related("period", "activity")
        .prefetch_related("values", "evidence")
        .first()
    )


def _entry_form(request: UserRequest, activity: Activity, entry: ProgressEntry | None) -> EntryForm:
    indicators = list(activity.reported_indicators())
    if request.method == "POST":
        return EntryForm(
            request.POST,
            request.FILES,
            indicators=indicators,
            entry=entry,
            dropped_files=oversized_files(request),
        )
    kept = take_kept_text(request)
    if kept is not None:
        messages.warning(
            request,
            _("Your session had ended. What you typed is back below; it is not saved yet."),
        )
    return EntryForm(kept, indicators=indicators, entry=entry)


def _reopened(request: UserRequest, form: EntryForm, *, version: int) -> EntryForm:
    """Return the form with all that was typed, ready to be saved over the newer version."""
    data = request.POST.copy()
    data["version"] = str(version)
    return EntryForm(data, indicators=form.indicators)


def _after_saving(request: UserRequest, entry: ProgressEntry) -> HttpResponse:
    if "check" in request.POST:
        return redirect("programs:submit-entry", entry.pk)
    messages.success(request, _("The draft is saved."))
    return redirect("programs:edit-entry", entry.activity_id, entry.period_id)


def _entry_context(
    activity: Activity, period: ReportingPeriod, entry: ProgressEntry | None, form: EntryForm
) -> dict[str, Any]:
    previous = desk.previous_entry(activity, period)
    before = (
        {one.indicator_id: one.actual_value for one in previous.values.all()} if previous else {}
    )
    targets = desk.targets_of(list(form.indicators), period.year)
    rows = [
        {
            "indicator": indicator,
            "fields": fields,
            "target": targets.get(indicator.pk),
            "before": before.get(indicator.pk),
        }
        for indicator, fields in form.value_fields()
    ]
    budget = ActivityYear.objects.filter(activity=activity, fiscal_year=period.year).first()
    returned = entry is not None and entry.status == ProgressEntry.Status.RETURNED
    return {
        "activity": activity,
        "period": period,
        "entry": entry,
        "form": form,
        "rows": rows,
        "previous": previous,
        "budget": budget.budget if budget else None,
        "last_return": entry.rounds.filter(act="returned").last() if entry and returned else None,
    }


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def submit_entry_view(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was understood, then hand it in."""
    entry = _visible_entry(request, pk)
    if not can_submit_entry(request.user, entry):
        raise PermissionDenied
    if request.method == "POST":
        form = SeenVersionForm(request.POST)
        if not form.is_valid():
            raise Refused(_("The page was incomplete. Open the entry again."))
        submit_entry(entry, version=form.cleaned_data["version"], by=request.user)
        messages.success(request, _("“%(entry)s” was handed in.") % {"entry": entry})
        return redirect("home")
    refuse_unless_writable(entry)
    context = _review_context(entry) | {"missing": missing_for_submission(entry)}
    return render(request, "programs/entry_submit.html", context)


@signed_in
@never_cache
@require_GET
def view_entry(request: UserRequest, pk: int) -> HttpResponse:
    """Show one entry as it stands, its evidence and its way so far."""
    entry = _visible_entry(request, pk)
    context = _review_context(entry) | {
        "can_write": entry.is_writable
        and entry.period.is_open
        and can_write_entries_of(request.user, entry.activity),
        "evidence": visible_evidence(request.user).filter(entry=entry),
        "rounds": entry.rounds.select_related("by") if not request.user.is_council_member else [],
        "history": visible_history(
            request.user, entry, is_own=entry.activity.owner_id == request.user.agency_id
        )[:50],
    }
    return render(request, "programs/entry_detail.html", context)


@signed_in
@never_cache
@require_GET
def review_queue(request: UserRequest) -> HttpResponse:
    """List what waits for the secretariat's eyes."""
    if not can_review_entries(request.user):
        raise PermissionDenied
    waiting = desk.review_queue(visible_entries(request.user))
    page = Paginator(waiting, QUEUE_PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/review_queue.html", {"page": page})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def review_entry(request: UserRequest, pk: int) -> HttpResponse:
    """Show one handed-in entry with what changed; its form sends it back with a reason."""
    entry = _reviewable_entry(request, pk)
    if request.method == "GET":
        kept = take_kept_text(request)
        return _review_page(request, entry, ReturnForm(kept, initial={"version": entry.version}))
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _review_page(request, entry, form, status=422)
    return_entry(
        entry, form.cleaned_data["reason"], version=form.cleaned_data["version"], by=request.user
    )
    messages.success(request, _("“%(entry)s” was returned to its agency.") % {"entry": entry})
    return redirect("programs:review-queue")


@signed_in
@require_POST
def verify_entry_view(request: UserRequest, pk: int) -> HttpResponse:
    entry = _reviewable_entry(request, pk)
    form = SeenVersionForm(request.POST)
    if not form.is_valid():
        raise Refused(_("The page was incomplete. Open the entry again."))
    verify_entry(entry, version=form.cleaned_data["version"], by=request.user)
    messages.success(request, _("“%(entry)s” is verified.") % {"entry": entry})
    return redirect("programs:review-queue")


@signed_in
@never_cache
@require_GET
def download_evidence(request: UserRequest, pk: int) -> FileResponse:
    """Send a file to whoever may see its entry, never to be shown inside the browser."""
    evidence = get_object_or_404(visible_evidence(request.user), pk=pk)
    response = FileResponse(
        evidence.file.open("rb"), as_attachment=True, filename=evidence.original_name
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
@require_POST
def delete_evidence(request: UserRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(
        visible_evidence(request.user).select_related("entry__activity"), pk=pk
    )
    if not can_change_evidence(request.user, evidence):
        raise PermissionDenied
    remove_evidence(evidence, by=request.user)
    messages.success(request, _("“%(file)s” was removed.") % {"file": evidence.original_name})
    return redirect("programs:edit-entry", evidence.entry.activity_id, evidence.entry.period_id)


def _visible_entry(request: UserRequest, pk: int) -> ProgressEntry:
    return get_object_or_404(
        visible_entries(request.user)
        .select_related(
            "activity__owner", "activity__program", "period", "submitted_by", "verified_by"
        )
        .prefetch_related("values", "activity__indicators"),
        pk=pk,
    )


def _reviewable_entry(request: UserRequest, pk: int) -> ProgressEntry:
    if not can_review_entries(request.user):
        raise PermissionDenied
    return _visible_entry(request, pk)


def _review_context(entry: ProgressEntry) -> dict[str, Any]:
    handed_in = desk.last_handed_in(entry)
    previous = desk.previous_entry(entry.activity, entry.period)
    return {
        "entry": entry,
        "previous": previous,
        "lines": desk.compare(entry, previous, handed_in=handed_in),
        "has_earlier_hand_in": handed_in is not None,
    }


def _review_page(
    request: UserRequest, entry: ProgressEntry, form: ReturnForm, *, status: int = 200
) -> HttpResponse:
    context = _review_context(entry) | {
        "form": form,
        "evidence": entry.evidence.all(),
        "rounds": entry.rounds.select_related("by"),
        "wrote_in_it": entry.writers.filter(pk=request.user.pk).exists(),
        "is_waiting": entry.status == ProgressEntry.Status.SUBMITTED,
    }
    return render(request, "programs/entry_review.html", context, status=status)
