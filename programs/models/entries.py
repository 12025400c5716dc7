"""What agencies report: entries, the values in them, their way, and the evidence."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.models.indicators import Indicator
from programs.models.periods import ReportingPeriod
from programs.models.work import Activity


class ProgressEntry(models.Model):
    """What one activity reports for one period. Money and physical progress count from January."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        VERIFIED = "verified", _("Verified")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="entries")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="entries")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    physical_progress_pct = models.DecimalField(
        _("physical progress (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    budget_spent = models.PositiveBigIntegerField(_("money spent (Rp)"), null=True, blank=True)
    obstacles = models.TextField(_("obstacles"), blank=True)
    follow_up = models.TextField(_("follow-up"), blank=True)
    is_nil = models.BooleanField(_("nothing happened (nihil)"), default=False)
    nil_reason = models.TextField(_("why nothing happened"), blank=True)
    entered_on_behalf = models.BooleanField(_("entered by the secretariat"), default=False)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("progress entry")
        verbose_name_plural = _("progress entries")
        ordering = ["period", "activity"]
        indexes = [models.Index(fields=["status", "submitted_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "period"], name="activity_reports_once_a_period"
            ),
            models.CheckConstraint(
                name="physical_progress_is_a_percentage",
                condition=Q(physical_progress_pct__isnull=True)
                | Q(physical_progress_pct__range=(0, 100)),
                violation_error_message=_("Physical progress lies between 0 and 100 %%."),
            ),
            models.CheckConstraint(
                name="submitted_entry_is_complete",
                condition=Q(status__in=["draft", "returned"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False)
                & (
                    Q(is_nil=True)
                    | Q(physical_progress_pct__isnull=False, budget_spent__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="nihil_has_a_reason_and_no_figures",
                condition=Q(is_nil=False, nil_reason="")
                | Q(is_nil=True, physical_progress_pct__isnull=True, budget_spent__isnull=True)
                & ~Q(nil_reason=""),
                violation_error_message=_("Nihil needs a reason, and carries no figures."),
            ),
            models.CheckConstraint(
                name="verified_entry_names_its_verifier",
                condition=~Q(status="verified")
                | Q(verified_by__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_verifies_what_they_submitted",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("submitted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("programs:view-entry", args=[self.pk])

    @property
    def is_writable(self) -> bool:
        """Whether its state lets anybody write; its period has a say of its own."""
        return self.status in {self.Status.DRAFT, self.Status.RETURNED}

    def content(self) -> dict[str, Any]:
        """Return what the entry says as plain JSON, numbers as text so that no digit is lost."""
        return {
            "is_nil": self.is_nil,
            "nil_reason": self.nil_reason,
            "physical_progress_pct": _plain(self.physical_progress_pct),
            "budget_spent": _plain(self.budget_spent),
            "obstacles": self.obstacles,
            "follow_up": self.follow_up,
            "values": {
                str(value.indicator_id): _plain(value.actual_value) for value in self.values.all()
            },
            "evidence": sorted(evidence.sha256 for evidence in self.evidence.all()),
        }


def _plain(number: Decimal | int | None) -> str | None:
    """Write a number without trailing zeros, so that 12 and 12.0000 compare equal."""
    return None if number is None else format(Decimal(number).normalize(), "f")


class IndicatorValue(models.Model):
    """An indicator's actual value in one entry. No value means: not reported."""

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    actual_value = models.DecimalField(
        _("actual"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    numerator = models.DecimalField(
        _("numerator"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    denominator = models.DecimalField(
        _("denominator"), max_digits=18, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("actual value")
        verbose_name_plural = _("actual values")
        ordering = ["indicator__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "indicator"], name="indicator_has_one_value_an_entry"
            ),
            models.CheckConstraint(
                name="actual_value_is_not_negative",
                condition=Q(actual_value__isnull=True) | Q(actual_value__gte=0),
                violation_error_message=_("An actual value cannot be below zero."),
            ),
            models.CheckConstraint(
                name="ratio_has_both_parts_and_its_value",
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(
                    numerator__isnull=False,
                    numerator__gte=0,
                    denominator__isnull=False,
                    denominator__gt=0,
                    actual_value__isnull=False,
                ),
                violation_error_message=_("A ratio needs its numerator and a denominator above 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.actual_value}"


class EntryRound(models.Model):
    """One step of an entry's way: what was handed in, or why it came back. Never changed."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        VERIFIED = "verified", _("Verified")

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="rounds")
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(_("reason"), blank=True)
    content = models.JSONField(_("what it said"), default=dict)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="return_has_a_reason",
                condition=~Q(act="returned") | ~Q(note=""),
                violation_error_message=_("Give a reason for the return."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_act_display()}"


def evidence_path(evidence: "Evidence", filename: str) -> str:  # noqa: ARG001
    """Name a stored file by chance, so that no typed name reaches the disk."""
    return f"evidence/{uuid.uuid4().hex}{evidence.extension}"


class Evidence(models.Model):
    """A photo or document that proves an entry."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        DOCUMENT = "document", _("Document")

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    file = models.FileField(_("file"), upload_to=evidence_path)
    original_name = models.CharField(_("file name"), max_length=200)
    extension = models.CharField(max_length=8, validators=[RegexValidator(r"^\.(jpg|png|pdf)$")])
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    is_shareable = models.BooleanField(_("may be shown to council members"), default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.original_name
