"""What the worker does. A message carries only an id; the row says whether there is work."""

import logging
from threading import Thread

from celery import Task, shared_task
from django.conf import settings
from django.utils import translation
from kombu.exceptions import OperationalError

from reports.services import run_job, stalled_jobs

log = logging.getLogger(__name__)
HINT_PATIENCE_SECONDS = 1.0


@shared_task(
    bind=True,
    soft_time_limit=settings.REPORT_TIME_LIMIT_SECONDS,
    time_limit=settings.REPORT_TIME_LIMIT_SECONDS + 30,
)
def make_report(task: Task[[int], None], job_id: int) -> None:
    """Make one report; a second delivery of the same message finds nothing to do."""
    delivery = task.request.delivery_info or {}
    with translation.override("id"):
        run_job(job_id, redelivered=bool(delivery.get("redelivered")))


@shared_task
def reconcile_report_jobs() -> None:
    """Give waiting and orphaned jobs to a worker again; runs every few seconds in every mode."""
    with translation.override("id"):
        for job_id in stalled_jobs():
            hint(job_id)


def hint(job_id: int) -> None:
    """Tell the queue about a waiting job, but never wait for a queue that does not answer.

    The client's own retries take 6 s where Redis refuses and much longer where it hangs, so the
    message is sent from a thread of its own. If it is lost, the reconciler hints again.
    """
    sender = Thread(target=_send_hint, args=(job_id,), daemon=True)
    sender.start()
    sender.join(HINT_PATIENCE_SECONDS)


def _send_hint(job_id: int) -> None:
    try:
        make_report.apply_async((job_id,), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("report job %s waits, the queue cannot be reached: %s", job_id, error)
