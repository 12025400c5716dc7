"""What the city does and what came of it: programmes, activities, indicators, entries, evidence."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dimensions.models import Dimension, Masterplan, Organization, SubDimension
from programs import scoring

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


class Source(models.TextChoices):
    """Where a title comes from; what is not documented says so on the page."""

    SEED = "seed", _("named in the press report of the meeting")
    PRESS = "press", _("named in other press")
    DEMO_GROUP = "grouping", _("demo grouping of named activities")
    ILLUSTRATIVE = "illustrative", _("illustrative example")
    OFFICIAL = "official", _("official document")


class Program(models.Model):
    """A programme of the masterplan, owned by one organisation under one sub-dimension."""

    masterplan = models.ForeignKey(
        Masterplan, models.PROTECT, related_name="programs", verbose_name=_("masterplan")
    )
    sub_dimension = models.ForeignKey(
        SubDimension, models.PROTECT, related_name="programs", verbose_name=_("sub-dimension")
    )
    owner = models.ForeignKey(
        Organization, models.PROTECT, related_name="programs", verbose_name=_("owner")
    )
    code = models.CharField(_("code"), max_length=12)
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(
        _("source of the title"), max_length=20, choices=Source, default=Source.OFFICIAL
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["sub_dimension__dimension__position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["masterplan", "code"],
                name="program_code_is_unique_in_its_masterplan",
                violation_error_message=_("This code is already used in the masterplan."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Activity(models.Model):
    """Work that one organisation carries out and reports on. It may wait for its programme."""

    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="activities", verbose_name=_("dimension")
    )
    program = models.ForeignKey(
        Program,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("programme"),
    )
    owner = models.ForeignKey(
        Organization, models.PROTECT, related_name="activities", verbose_name=_("owner")
    )
    code = models.CharField(_("code"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_as_printed = models.CharField(
        _("title as the source prints it"), max_length=200, blank=True
    )
    source = models.CharField(
        _("source of the title"), max_length=20, choices=Source, default=Source.OFFICIAL
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["dimension__position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ActivityYear(models.Model):
    """An activity's budget in one year, whole rupiah. A row means the activity runs that year."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    budget_original = models.PositiveBigIntegerField(_("budget (Rp)"))
    budget_revised = models.PositiveBigIntegerField(_("revised budget (Rp)"), null=True, blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("budget year")
        verbose_name_plural = _("budget years")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "fiscal_year"],
                name="activity_has_one_budget_a_year",
                violation_error_message=_("This activity already has a budget for the year."),
            ),
            models.CheckConstraint(
                name="fiscal_year_is_plausible",
                condition=Q(fiscal_year__range=(2000, 2100)),
                violation_error_message=_("The year must lie between 2000 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.fiscal_year}"

    @property
    def budget(self) -> int:
        """The ceiling that counts: the revised one where there is one."""
        return self.budget_original if self.budget_revised is None else self.budget_revised


class Indicator(models.Model):
    """What is measured, in which unit, and which way is better."""

    class Polarity(models.TextChoices):
        MAXIMIZE = scoring.Polarity.MAXIMIZE, _("higher is better")
        MINIMIZE = scoring.Polarity.MINIMIZE, _("lower is better")
        STABILIZE = scoring.Polarity.STABILIZE, _("closer to the target is better")

    class Aggregation(models.TextChoices):
        SUM = scoring.Aggregation.SUM, _("sum of the quarters")
        LAST = scoring.Aggregation.LAST, _("last reported quarter")
        AVERAGE = scoring.Aggregation.AVERAGE, _("average of the quarters")
        MAX = scoring.Aggregation.MAX, _("highest quarter")

    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="indicators", verbose_name=_("activity")
    )
    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    polarity = models.CharField(_("polarity"), max_length=10, choices=Polarity)
    aggregation = models.CharField(_("aggregation"), max_length=10, choices=Aggregation)
    decimal_places = models.PositiveSmallIntegerField(_("decimals"), default=0)
    baseline_year = models.PositiveSmallIntegerField(_("baseline year"), null=True, blank=True)
    baseline_value = models.DecimalField(
        _("baseline"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="indicator_decimals_fit_the_column",
                condition=Q(decimal_places__lte=4),
                violation_error_message=_("At most four decimals are kept."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AnnualTarget(models.Model):
    """What an indicator should reach in one year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("annual target")
        verbose_name_plural = _("annual targets")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="indicator_has_one_target_a_year",
                violation_error_message=_("This indicator already has a target for the year."),
            ),
            models.CheckConstraint(
                name="target_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("A target cannot be below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"


class ReportingPeriod(models.Model):
    """A quarter that agencies report on. The secretariat opens and closes it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Not open yet")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = ["year", "quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter"],
                name="period_exists_once",
                violation_error_message=_("This quarter already exists."),
            ),
            models.CheckConstraint(
                name="quarter_is_one_to_four",
                condition=Q(quarter__range=(1, 4)),
                violation_error_message=_("A quarter is 1, 2, 3 or 4."),
            ),
            models.CheckConstraint(
                name="period_year_is_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message=_("The year must lie between 2000 and 2100."),
            ),
            models.CheckConstraint(
                name="open_period_has_a_due_date",
                condition=~Q(status="open") | Q(due_on__isnull=False),
                violation_error_message=_("An open period needs a due date."),
            ),
        ]

    def __str__(self) -> str:
        return _("Q%(quarter)s %(year)s") % {"quarter": ROMAN[self.quarter], "year": self.year}

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today


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
                violation_error_message=_("Physical progress lies between 0 and 100 %."),
            ),
            models.CheckConstraint(
                name="submitted_entry_is_complete",
                condition=Q(status__in=["draft", "returned"])
                | Q(
                    physical_progress_pct__isnull=False,
                    budget_spent__isnull=False,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                ),
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
