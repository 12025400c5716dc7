"""How figures are made: class tables, caps, lights and weights, as data with versions."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dimensions.models import Dimension, Masterplan
from programs import scoring
from programs.models.indicators import Indicator
from programs.models.work import Program


class PerformanceScale(models.Model):
    """A table of performance classes, one version of it. A version in use is never edited."""

    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("class table")
        verbose_name_plural = _("class tables")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                name="scale_version_is_unique",
                violation_error_message=_("This class table already has this version."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def as_scale(self) -> scoring.Scale:
        """Return the table as the formulas use it. Raises ScaleError for a gap or an overlap."""
        return scoring.Scale(self.name, tuple(one.as_band() for one in self.bands.all()))


class PerformanceBand(models.Model):
    """One class: the whole percents from `lower` to `upper`; no upper bound for the best."""

    class Tone(models.TextChoices):
        GOOD = "good", _("good")
        MIDDLING = "middling", _("middling")
        BAD = "bad", _("bad")

    scale = models.ForeignKey(PerformanceScale, models.CASCADE, related_name="bands")
    code = models.SlugField(_("code"), max_length=20)
    letter = models.CharField(_("letters"), max_length=3)
    label = models.CharField(_("label"), max_length=40)
    lower = models.PositiveSmallIntegerField(_("from (%)"))
    upper = models.PositiveSmallIntegerField(_("to (%)"), null=True, blank=True)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone)

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["-lower"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "code"], name="class_code_is_unique"),
            models.UniqueConstraint(
                fields=["scale", "lower"],
                name="classes_do_not_start_together",
                violation_error_message=_("Two classes start at the same percent."),
            ),
            models.CheckConstraint(
                name="class_ends_after_it_starts",
                condition=Q(upper__isnull=True) | Q(upper__gte=F("lower")),
                violation_error_message=_("A class cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def as_band(self) -> scoring.Band:
        return scoring.Band(self.code, self.letter, self.label, self.lower, self.upper, self.tone)


class ScoringMethod(models.Model):
    """The rules by which a masterplan's years are scored from one year on, until the next row."""

    masterplan = models.ForeignKey(
        Masterplan, models.CASCADE, related_name="methods", verbose_name=_("masterplan")
    )
    from_year = models.PositiveSmallIntegerField(_("from the year"))
    scale = models.ForeignKey(
        PerformanceScale, models.PROTECT, related_name="+", verbose_name=_("class table")
    )
    cap = models.PositiveSmallIntegerField(
        _("cap in averages (%)"),
        null=True,
        blank=True,
        default=100,
        help_text=_("Empty: no cap. Single indicators always show the uncapped figure."),
    )
    yellow_below = models.SmallIntegerField(_("yellow below (points)"), default=-5)
    red_below = models.SmallIntegerField(_("red below (points)"), default=-10)
    source = models.CharField(_("source"), max_length=300, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("scoring method")
        verbose_name_plural = _("scoring methods")
        ordering = ["masterplan", "from_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["masterplan", "from_year"],
                name="method_changes_once_a_year",
                violation_error_message=_("The method already changes in this year."),
            ),
            models.CheckConstraint(
                name="cap_is_one_of_those_in_use",
                condition=Q(cap__isnull=True) | Q(cap__in=[100, 110, 120]),
                violation_error_message=_("The cap is 100, 110, 120 or none."),
            ),
            models.CheckConstraint(
                name="red_lies_below_yellow",
                condition=Q(red_below__lt=F("yellow_below"), yellow_below__lte=0),
                violation_error_message=_("Red starts below yellow, and yellow at 0 or below."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.masterplan}, {self.from_year}"

    def as_method(self, bands: tuple[scoring.Band, ...]) -> scoring.Method:
        """Return the rules as the formulas use them; `bands` are the class table's."""
        return scoring.Method(
            scale=scoring.Scale(self.scale.name, bands),
            cap=None if self.cap is None else Decimal(self.cap),
            thresholds=scoring.Thresholds(Decimal(self.yellow_below), Decimal(self.red_below)),
            source=self.source,
        )


class WeightSet(models.Model):
    """Weights that total 100, for one parent's children, from one year on.

    The parent is a programme (its indicators weigh), a dimension (its programmes) or, with
    neither, the masterplan (its dimensions). Without a set the plain mean counts.
    """

    masterplan = models.ForeignKey(Masterplan, models.CASCADE, related_name="weight_sets")
    program = models.ForeignKey(
        Program, models.CASCADE, null=True, blank=True, related_name="weight_sets"
    )
    dimension = models.ForeignKey(
        Dimension, models.CASCADE, null=True, blank=True, related_name="weight_sets"
    )
    from_year = models.PositiveSmallIntegerField(_("from the year"))
    reason = models.CharField(_("reason"), max_length=300)
    decided_on = models.DateField(_("decided on"))

    class Meta:
        verbose_name = _("set of weights")
        verbose_name_plural = _("sets of weights")
        ordering = ["from_year", "decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="weights_have_one_parent",
                condition=Q(program__isnull=True) | Q(dimension__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.program or self.dimension or self.masterplan}, {self.from_year}"


class Weight(models.Model):
    """One child's share in its parent, in percent."""

    weight_set = models.ForeignKey(WeightSet, models.CASCADE, related_name="weights")
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="weights"
    )
    program = models.ForeignKey(
        Program, models.CASCADE, null=True, blank=True, related_name="weights"
    )
    dimension = models.ForeignKey(
        Dimension, models.CASCADE, null=True, blank=True, related_name="weights"
    )
    percent = models.DecimalField(_("weight (%)"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="weight_is_between_0_and_100",
                condition=Q(percent__range=(0, 100)),
                violation_error_message=_("A weight lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="weight_belongs_to_one_child",
                condition=Q(indicator__isnull=False, program__isnull=True, dimension__isnull=True)
                | Q(indicator__isnull=True, program__isnull=False, dimension__isnull=True)
                | Q(indicator__isnull=True, program__isnull=True, dimension__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator or self.program or self.dimension}: {self.percent}"

    @property
    def child_id(self) -> int | None:
        return self.indicator_id or self.program_id or self.dimension_id
