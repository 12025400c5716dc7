"""Many processes at one job, as double clicks and redelivered messages make them.

Run as `python -m tests.reports.race` on an empty database; prints what came of it as JSON.
"""

import json
import multiprocessing
import os
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from accounts.models import Role, User
from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from audit.services import broken_links
from evaluations import services as services_of_answers
from evaluations.models import DimensionEvaluation, Meeting
from evaluations.services import EditConflict, EvaluationContent
from reports import services
from reports.models import ReportJob, ReportVersion
from tests import factories

FORK = multiprocessing.get_context("fork")


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """Let processes do the same at the same moment; a refusal is told by its name."""
    connections.close_all()
    barrier, answers = FORK.Barrier(number), FORK.SimpleQueue()

    def one() -> None:
        barrier.wait()
        try:
            answers.put(act())
        except (Refused, EditConflict) as refusal:
            answers.put(type(refusal).__name__)
        except Exception:
            answers.put("failed")
            raise
        finally:
            connections.close_all()

    processes = [FORK.Process(target=one) for _ in range(number)]
    for process in processes:
        process.start()
    found = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    return found


def make_city() -> tuple[Meeting, User]:
    call_command("migrate", verbosity=0)
    agency = factories.make_organization("dinkes")
    factories.make_activity(agency)
    return factories.make_meeting(agency), factories.make_user("s", Role.SECRETARIAT)


def save(meeting: Meeting, member: User, comment: str) -> None:
    services_of_answers.save_evaluation(
        meeting, factories.make_dimension(), EvaluationContent(comment=comment), version=0,
        submit=False, by=member,
    )  # fmt: skip


def main() -> dict[str, Any]:
    meeting, secretary = make_city()
    member = factories.make_user("d", Role.COUNCIL_MEMBER)
    saved = at_once(5, lambda: save(meeting, member, comment=str(os.getpid())))
    asked = at_once(6, lambda: services.request_report(meeting, by=secretary).pk)
    (job_id,) = set(ReportJob.objects.values_list("pk", flat=True))
    claims = at_once(6, lambda: services.claim(job_id) is not None)
    ReportJob.objects.update(lease_until=timezone.now())
    again = at_once(6, lambda: services.claim(job_id) is not None)
    ReportJob.objects.update(state="queued", attempts=0, token=None, lease_until=None)
    runs = at_once(2, lambda: services.run_job(job_id, redelivered=True))
    version = ReportVersion.objects.get()
    published = at_once(3, lambda: services.publish_version(version, by=secretary).pk)
    job = ReportJob.objects.get()
    return {
        "saved": sorted(str(one) for one in saved),
        "answers": DimensionEvaluation.objects.count(),
        "asked": sorted(asked) == [job_id] * 6,
        "claims": sum(claims),
        "claims_after_the_lease": sum(again),
        "runs": runs,
        "job": [job.state, job.percent],
        "files": len(default_storage.listdir("reports/rakor")[1]),
        "published": sorted(str(one) for one in published),
        "verbs": sorted(AuditEntry.objects.values_list("verb", flat=True)),
        "broken_links": len(list(broken_links())),
    }


if __name__ == "__main__":
    print(json.dumps(main()))
