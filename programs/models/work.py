"""The masterplan's work: programmes, their activities, and each activity's year."""

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dimensions.models import Dimension, Masterplan, Organization, SubDimension

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from programs.models.indicators import Indicator

# Urusan, bidang, program, kegiatan, sub kegiatan: Kepmendagri 050-5889/2021 wrote the last with
# two digits, from 2023 it has four.
BUDGET_CODE = r"^\d\.\d{2}\.\d{2}\.\d\.\d{2}\.(\d{2}|\d{4})$"


class Source(models.TextChoices):
    """Where a title comes from; what is not documented says so on the page."""

    SEED = "seed", _("named in the press report of the meeting")
    PRESS = "press", _("named in other press")
    DEMO_GROUP = "grouping", _("demo grouping of named activities")
    ILLUSTRATIVE = "illustrative", _("illustrative example")
    OFFICIAL = "official", _("official document")


class FundingSource(models.TextChoices):
    """Who pays for an activity's year."""

    APBD = "apbd", _("City budget (APBD)")
    APBN = "apbn", _("State budget (APBN/DAK)")
    CSR = "csr", _("Corporate responsibility (CSR)")
    SPONSOR = "sponsor", _("Sponsor")
    OTHER = "other", _("Other")


class Program(models.Model):
    """A programme of the masterplan, led by one organisation under one sub-dimension."""

    class Ending(models.TextChoices):
        DONE = "done", _("Done")
        CONTINUED = "continued", _("Continued in the next masterplan")
        STOPPED = "stopped", _("Stopped")

    masterplan = models.ForeignKey(
        Masterplan, models.PROTECT, related_name="programs", verbose_name=_("masterplan")
    )
    sub_dimension = models.ForeignKey(
        SubDimension, models.PROTECT, related_name="programs", verbose_name=_("sub-dimension")
    )
    owner = models.ForeignKey(
        Organization, models.PROTECT, related_name="programs", verbose_name=_("owner")
    )
    supporting_organizations = models.ManyToManyField(
        Organization,
        related_name="supported_programs",
        blank=True,
        verbose_name=_("supporting organisations"),
    )
    code = models.CharField(_("code"), max_length=12)
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(
        _("source of the title"), max_length=20, choices=Source, default=Source.OFFICIAL
    )
    ending = models.CharField(_("how it ended"), max_length=10, choices=Ending, blank=True)
    lesson = models.TextField(_("lesson"), blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    archived_on = models.DateField(_("archived on"), null=True, blank=True)
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
            ),
            models.CheckConstraint(
                name="ended_program_leaves_a_lesson",
                condition=Q(ending="") | ~Q(lesson=""),
                violation_error_message=_("Write down the lesson of a programme that ended."),
            ),
            models.CheckConstraint(
                name="only_a_continued_program_has_a_successor",
                condition=Q(successor__isnull=True) | Q(ending="continued"),
                violation_error_message=_("Only a continued programme has a successor."),
            ),
            models.CheckConstraint(
                name="program_does_not_succeed_itself",
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")),
                violation_error_message=_("A programme cannot be its own successor."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("programs:view-program", args=[self.pk])


class QuickWinMark(models.Model):
    """From which day a programme was, or was no longer, a quick win. The latest mark counts."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="quick_win_marks")
    valid_from = models.DateField(_("from"))
    is_quick_win = models.BooleanField(_("quick win"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("quick-win mark")
        verbose_name_plural = _("quick-win marks")
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "valid_from"],
                name="quick_win_changes_once_a_day",
                violation_error_message=_("The quick-win mark was already changed on this day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.program}: {self.is_quick_win}"


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
    supporting_organizations = models.ManyToManyField(
        Organization,
        related_name="supported_activities",
        blank=True,
        verbose_name=_("supporting organisations"),
    )
    code = models.CharField(_("code"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_as_printed = models.CharField(
        _("title as the source prints it"), max_length=200, blank=True
    )
    source = models.CharField(
        _("source of the title"), max_length=20, choices=Source, default=Source.OFFICIAL
    )
    archived_on = models.DateField(_("archived on"), null=True, blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["dimension__position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("programs:view-activity", args=[self.pk])

    def reported_indicators(self) -> "QuerySet[Indicator]":
        """Return the indicators that are asked for: those not in the archive."""
        return self.indicators.filter(archived_on__isnull=True)


class ActivityYear(models.Model):
    """An activity in one year: under which programme it counts, and its money in whole rupiah.

    A row means that the activity runs that year. Each year keeps its programme, so an activity
    that moves takes its coming years along and leaves the reported ones where they were.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    program = models.ForeignKey(
        Program,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activity_years",
        verbose_name=_("programme"),
    )
    budget_original = models.PositiveBigIntegerField(_("budget (Rp)"))
    budget_revised = models.PositiveBigIntegerField(_("revised budget (Rp)"), null=True, blank=True)
    budget_revised_on = models.DateField(_("budget revised on"), null=True, blank=True)
    funding_source = models.CharField(
        _("funding source"), max_length=10, choices=FundingSource, default=FundingSource.APBD
    )
    budget_code = models.CharField(
        _("budget code"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(
                BUDGET_CODE, _("A budget code looks like 2.16.03.2.02.0017 or 2.16.03.2.02.17.")
            )
        ],
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("budget year")
        verbose_name_plural = _("budget years")
        ordering = ["fiscal_year"]
        indexes = [models.Index(fields=["fiscal_year", "program"])]
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
            models.CheckConstraint(
                name="revised_budget_has_its_day",
                condition=Q(budget_revised__isnull=True, budget_revised_on__isnull=True)
                | Q(budget_revised__isnull=False, budget_revised_on__isnull=False),
                violation_error_message=_("A revised budget needs the day of its revision."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.fiscal_year}"

    @property
    def budget(self) -> int:
        """The ceiling that counts: the revised one where there is one."""
        return self.budget_original if self.budget_revised is None else self.budget_revised


class BudgetCeiling(models.Model):
    """The ceiling that counted from one day on, until the next; the first has no day.

    Only years whose ceiling changed have rows: a past day is read from them.
    """

    activity_year = models.ForeignKey(ActivityYear, models.CASCADE, related_name="ceilings")
    valid_from = models.DateField(_("from"), null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("budget (Rp)"))

    class Meta:
        verbose_name = _("budget ceiling")
        verbose_name_plural = _("budget ceilings")
        ordering = [F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["activity_year", "valid_from"], name="ceiling_changes_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["activity_year"],
                condition=Q(valid_from__isnull=True),
                name="activity_year_has_one_first_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_year}: {self.amount}"


class PlannedProgress(models.Model):
    """Where an activity should stand at a quarter's end, in percent of its year (the S-curve).

    A plan that changes once figures are verified gets further rows from that day on.
    """

    activity_year = models.ForeignKey(ActivityYear, models.CASCADE, related_name="plan")
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    physical_pct = models.DecimalField(
        _("planned physical progress (%)"), max_digits=5, decimal_places=2
    )
    spending_pct = models.DecimalField(_("planned spending (%)"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("planned progress")
        verbose_name_plural = _("planned progress")
        ordering = [F("valid_from").asc(nulls_first=True), "quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity_year", "quarter", "valid_from"],
                name="quarter_is_replanned_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["activity_year", "quarter"],
                condition=Q(valid_from__isnull=True),
                name="quarter_is_planned_once",
            ),
            models.CheckConstraint(
                name="planned_quarter_is_one_to_four", condition=Q(quarter__range=(1, 4))
            ),
            models.CheckConstraint(
                name="plan_is_a_percentage",
                condition=Q(physical_pct__range=(0, 100), spending_pct__range=(0, 100)),
                violation_error_message=_("A planned percentage lies between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_year} {self.quarter}"
