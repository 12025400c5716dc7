"""Jobs that make reports, and the versions they made. The job row is the truth about a job."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import Meeting


class ReportJob(models.Model):
    """A request for a report and how far it has come. A message in the queue only points here."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("In progress")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    class Step(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        COLLECTING = "collecting", _("Collecting the figures")
        WRITING = "writing", _("Writing the chapters")
        LAYING_OUT = "laying_out", _("Laying out the pages")
        STORING = "storing", _("Storing the file")
        DONE = "done", _("Done")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="report_jobs")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    step = models.CharField(_("step"), max_length=12, choices=Step, default=Step.WAITING)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("report job")
        verbose_name_plural = _("report jobs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state__in=["queued", "running"]),
                name="meeting_has_one_job_at_a_time",
            ),
            models.CheckConstraint(
                name="running_job_has_a_lease",
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="failed_job_says_why", condition=~Q(state="failed") | ~Q(failure="")
            ),
            models.CheckConstraint(name="percent_is_a_percentage", condition=Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.meeting}"

    def get_absolute_url(self) -> str:
        return reverse("reports:view-job", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}


def report_path(version: "ReportVersion", filename: str) -> str:  # noqa: ARG001
    return f"reports/{version.meeting.slug}/{uuid.uuid4().hex}.pdf"


class ReportVersion(models.Model):
    """One finished report of a meeting: its frozen contents, its file, its hash."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="report_versions")
    job = models.OneToOneField(ReportJob, models.PROTECT, related_name="result")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    contents = models.JSONField(_("frozen contents"))
    contents_sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to=report_path)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("size"))
    pages = models.PositiveSmallIntegerField(_("pages"))
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    has_demo_data = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="report_number_used_once"),
            models.CheckConstraint(
                name="published_report_names_its_publisher",
                condition=~Q(status="published")
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} v{self.number}"

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED
