"""Removing every demo row and nothing else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
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
    IndicatorValue,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from programs.scale_data import NAME as SCALE_MASTERPLAN
from programs.summaries import recount_all
from reports.models import ReportJob, ReportVersion


@dataclass
class Purged:
    """What a purge removed, counted by kind, and how many people it could only shut out."""

    removed: Counter[str] = field(default_factory=Counter)
    shut_out: int = 0


@transaction.atomic
def purge_demo() -> Purged:
    """Remove the demo set and what was written on it; files go once the transaction is through."""
    purged = Purged()
    _remove_reports(purged)
    _remove(purged, DimensionEvaluation.objects.filter(Q(is_demo=True) | Q(member__is_demo=True)))
    _remove_entries(purged)
    _remove(purged, AnnualTarget.objects.filter(is_demo=True))
    _remove_indicators(purged)
    Program.objects.filter(successor__is_demo=True).update(successor=None)
    for model in (ActivityYear, Activity, Program, ReportingPeriod):
        _remove(purged, model._default_manager.filter(is_demo=True))  # noqa: SLF001
    _remove_people(purged)
    _remove(purged, Masterplan.objects.filter(name=SCALE_MASTERPLAN, programs__isnull=True))
    recount_all()
    if purged.removed:
        record(
            "purgedemo",
            Masterplan.objects.earliest("start_year"),
            by=None,
            details=dict(purged.removed),
        )
    return purged


def _remove(purged: Purged, rows: QuerySet[Any]) -> None:
    """Delete the rows and what belongs to them, and count the rows themselves."""
    kind = str(rows.model._meta.verbose_name)  # noqa: SLF001  Django documents it
    number = rows.count()
    if number:
        rows.delete()
        purged.removed[kind] += number


def _remove_reports(purged: Purged) -> None:
    """Remove versions that print demo data, their jobs, and what demo people left unfinished.

    A meeting that has no report left takes evaluations again: publishing had closed it.
    """
    unfinished = Q(requested_by__is_demo=True, result__isnull=True)
    jobs = ReportJob.objects.filter(unfinished | Q(result__has_demo_data=True))
    ids = list(jobs.values_list("pk", flat=True))
    versions = ReportVersion.objects.filter(job__in=ids)
    meetings = {version.meeting_id for version in versions}
    _forget_files(version.file for version in versions)
    _remove(purged, versions)
    _remove(purged, ReportJob.objects.filter(pk__in=ids))
    bare = Meeting.objects.filter(pk__in=meetings, report_versions__isnull=True)
    bare.filter(status=Meeting.Status.FINALISED).update(status=Meeting.Status.OPEN)


def _remove_entries(purged: Purged) -> None:
    """Remove entries of demo periods and activities, and those that only demo people wrote."""
    of_demo_people = ProgressEntry.objects.filter(writers__is_demo=True).exclude(
        writers__is_demo=False
    )
    entries = ProgressEntry.objects.filter(
        Q(is_demo=True)
        | Q(activity__is_demo=True)
        | Q(period__is_demo=True)
        | Q(pk__in=of_demo_people.values("pk"))
    )
    _forget_files(one.file for one in Evidence.objects.filter(entry__in=entries))
    _remove(purged, entries)


def _remove_indicators(purged: Purged) -> None:
    """Remove demo indicators also from the real entries that reported on them."""
    indicators = Indicator.objects.filter(Q(is_demo=True) | Q(activity__is_demo=True))
    _remove(purged, IndicatorValue.objects.filter(indicator__in=indicators))
    _remove(purged, indicators)


def _forget_files(files: Iterable[FieldFile]) -> None:
    for file in list(files):
        transaction.on_commit(partial(file.delete, save=False))


def _remove_people(purged: Purged) -> None:
    """Delete demo people; whoever stands in the trail stays there, with no way in."""
    people = User.objects.filter(is_demo=True)
    acted = AuditEntry.objects.filter(actor__in=people).values("actor")
    for person in people.filter(pk__in=acted):
        person.username = f"demo-{person.pk}"
        person.is_active = False
        person.is_demo = False
        person.set_unusable_password()
        person.save()
        purged.shut_out += 1
    _remove(purged, people.filter(is_demo=True))
