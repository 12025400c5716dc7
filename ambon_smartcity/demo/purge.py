"""Removing every demo row and nothing else."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.files import FieldFile

from accounts.models import User
from audit.models import AuditEntry
from audit.services import record
from dimensions.models import Masterplan
from evaluations.models import DimensionEvaluation, Meeting
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Evidence,
    Indicator,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from reports.models import ReportJob, ReportVersion

Removed = Counter[str]


@transaction.atomic
def purge_demo() -> Removed:
    """Return what was removed, counted by kind; files go once the transaction is through."""
    removed: Removed = Counter()
    _remove_reports(removed)
    evaluations = DimensionEvaluation.objects.filter(Q(is_demo=True) | Q(member__is_demo=True))
    _remove(removed, evaluations)
    _reopen_meetings()
    _remove_entries(removed)
    for model in (AnnualTarget, Indicator, ActivityYear, Activity, Program, ReportingPeriod):
        _remove(removed, model.objects.filter(is_demo=True))
    _remove_people(removed)
    if removed:
        record("purgedemo", Masterplan.objects.earliest("start_year"), by=None)
    return removed


def _remove(removed: Removed, rows: QuerySet[Any]) -> None:
    """Delete the rows and what belongs to them, and count the rows themselves."""
    kind = str(rows.model._meta.verbose_name)  # noqa: SLF001  Django documents it
    number = rows.count()
    if number:
        rows.delete()
        removed[kind] += number


def _remove_reports(removed: Removed) -> None:
    """Remove versions that print demo data, and the jobs that made or would make such."""
    jobs = ReportJob.objects.filter(Q(result__has_demo_data=True) | Q(requested_by__is_demo=True))
    ids = list(jobs.values_list("pk", flat=True))
    versions = ReportVersion.objects.filter(job__in=ids)
    _forget_files(version.file for version in versions)
    _remove(removed, versions)
    _remove(removed, ReportJob.objects.filter(pk__in=ids))


def _remove_entries(removed: Removed) -> None:
    entries = ProgressEntry.objects.filter(
        Q(is_demo=True) | Q(activity__is_demo=True) | Q(period__is_demo=True)
    )
    _forget_files(one.file for one in Evidence.objects.filter(entry__in=entries))
    _remove(removed, entries)


def _forget_files(files: Iterable[FieldFile]) -> None:
    for file in list(files):
        transaction.on_commit(partial(file.delete, save=False))


def _reopen_meetings() -> None:
    """Let a meeting that only a demo report had closed take evaluations again."""
    closed = Meeting.objects.filter(status=Meeting.Status.FINALISED, report_versions__isnull=True)
    closed.update(status=Meeting.Status.OPEN)


def _remove_people(removed: Removed) -> None:
    """Delete demo people; whoever stands in the trail stays there, with no way in."""
    people = User.objects.filter(is_demo=True)
    acted = AuditEntry.objects.filter(actor__in=people).values("actor")
    for person in people.filter(pk__in=acted):
        person.username = f"demo-{person.pk}"
        person.is_active = False
        person.is_demo = False
        person.set_unusable_password()
        person.save()
    _remove(removed, people.filter(is_demo=True))
