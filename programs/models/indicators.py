"""What is measured and what it should reach, with the metadata that Satu Data asks for."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dimensions.models import Organization
from programs import scoring
from programs.models.work import Activity


class Indicator(models.Model):
    """What is measured, in which unit, which way is better, and what the words mean."""

    class Polarity(models.TextChoices):
        MAXIMIZE = scoring.Polarity.MAXIMIZE, _("higher is better")
        MINIMIZE = scoring.Polarity.MINIMIZE, _("lower is better")
        STABILIZE = scoring.Polarity.STABILIZE, _("closer to the target is better")

    class Aggregation(models.TextChoices):
        SUM = scoring.Aggregation.SUM, _("sum of the quarters")
        LAST = scoring.Aggregation.LAST, _("last reported quarter")
        AVERAGE = scoring.Aggregation.AVERAGE, _("average of the quarters")
        MAX = scoring.Aggregation.MAX, _("highest quarter")

    class Level(models.TextChoices):
        INPUT = "input", _("input")
        OUTPUT = "output", _("output")
        OUTCOME = "outcome", _("outcome")
        IMPACT = "impact", _("impact")

    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="indicators", verbose_name=_("activity")
    )
    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.OUTPUT)
    polarity = models.CharField(_("polarity"), max_length=10, choices=Polarity)
    aggregation = models.CharField(_("aggregation"), max_length=10, choices=Aggregation)
    decimal_places = models.PositiveSmallIntegerField(_("decimals"), default=0)
    numerator_label = models.CharField(_("numerator"), max_length=200, blank=True)
    denominator_label = models.CharField(_("denominator"), max_length=200, blank=True)
    definition = models.TextField(_("operational definition"), blank=True)
    formula = models.TextField(_("formula"), blank=True)
    data_source = models.CharField(_("data source"), max_length=300, blank=True)
    data_owner = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("data owner"),
    )
    baseline_year = models.PositiveSmallIntegerField(_("baseline year"), null=True, blank=True)
    baseline_value = models.DecimalField(
        _("baseline"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    archived_on = models.DateField(_("archived on"), null=True, blank=True)
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
            ),
            models.CheckConstraint(
                name="ratio_names_both_its_parts",
                condition=Q(numerator_label="", denominator_label="")
                | (~Q(numerator_label="") & ~Q(denominator_label="")),
                violation_error_message=_("A ratio names its numerator and its denominator."),
            ),
            models.CheckConstraint(
                name="ratio_is_a_percentage",
                condition=Q(numerator_label="") | Q(unit="%"),
                violation_error_message=_("A ratio is counted in %%."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("programs:view-indicator", args=[self.pk])

    @property
    def is_ratio(self) -> bool:
        return bool(self.numerator_label)


class AnnualTarget(models.Model):
    """What an indicator should reach in one year and at its quarters' ends.

    Revision 0 is the plan's own target. A target that changes after its year was opened gets a
    further revision with its day and reason; figures before that day keep the earlier one.
    Quarter targets follow the indicator's aggregation: parts of a sum, or levels.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    quarter_1 = models.DecimalField(
        _("target Q I"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    quarter_2 = models.DecimalField(
        _("target Q II"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    quarter_3 = models.DecimalField(
        _("target Q III"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    quarter_4 = models.DecimalField(
        _("target Q IV"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    revised_on = models.DateField(_("revised on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("annual target")
        verbose_name_plural = _("annual targets")
        ordering = ["year", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "revision"],
                name="target_revision_is_unique",
                violation_error_message=_("This indicator already has a target for the year."),
            ),
            models.CheckConstraint(
                name="target_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("A target cannot be below zero."),
            ),
            models.CheckConstraint(
                name="quarter_targets_are_not_negative",
                condition=Q(
                    *(
                        Q(**{f"quarter_{n}__isnull": True}) | Q(**{f"quarter_{n}__gte": 0})
                        for n in (1, 2, 3, 4)
                    )
                ),
                violation_error_message=_("A quarter's target cannot be below zero."),
            ),
            models.CheckConstraint(
                name="target_revision_has_day_and_reason",
                condition=Q(revision=0, revised_on__isnull=True)
                | (Q(revision__gt=0, revised_on__isnull=False) & ~Q(reason="")),
                violation_error_message=_("A revised target needs its day and a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"

    @property
    def quarters(self) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
        return (self.quarter_1, self.quarter_2, self.quarter_3, self.quarter_4)
