"""Whether the portal's parts answer: database, queue, files, and the job that waits longest."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from reports.models import ReportJob

TIMEOUT_SECONDS = 1.0


def readiness(now: datetime) -> dict[str, object]:
    """Return part -> "ok" or what is wrong, and the age in seconds of the oldest waiting job."""
    parts: dict[str, object] = {
        "database": _checked(_database),
        "broker": _checked(_broker),
        "media": _checked(_media),
    }
    ready = all(answer == "ok" for answer in parts.values())
    waiting = _oldest_waiting(now) if parts["database"] == "ok" else None
    return {"ready": ready, **parts, "oldest_waiting_job_seconds": waiting}


def _checked(check: Callable[[], None]) -> str:
    try:
        check()
    except (DatabaseError, OSError, redis.RedisError) as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    if not settings.REDIS_URL:
        _writable(settings.QUEUE_DIR / "messages")
        return
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )
    try:
        client.ping()
    finally:
        client.close()


def _media() -> None:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    _writable(settings.MEDIA_ROOT)


def _writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise PermissionError(folder)


def _oldest_waiting(now: datetime) -> int | None:
    waiting = ReportJob.objects.filter(state=ReportJob.State.QUEUED).order_by("requested_at")
    asked_at = waiting.values_list("requested_at", flat=True).first()
    return None if asked_at is None else int((now - asked_at).total_seconds())
