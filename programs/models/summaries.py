"""What pages read instead of adding up all entries. Derived, and provable by a recount.

Only `programs.summaries` writes these rows, in the transaction of the change they follow from.
"""

from django.db import models

from dimensions.models import Dimension, Masterplan, Organization
from programs.models.exact import ExactDecimalField
from programs.models.periods import ReportingPeriod
from programs.models.work import Program


class Summary(models.Model):
    """A year's achievement in percent and money in whole rupiah; None where nothing is known."""

    year = models.PositiveSmallIntegerField()
    achievement = ExactDecimalField(null=True)
    class_code = models.CharField(max_length=20, blank=True)
    budget = models.PositiveBigIntegerField(default=0)
    spent = models.PositiveBigIntegerField(null=True)
    deviation = ExactDecimalField(null=True)
    light = models.CharField(max_length=10, blank=True)
    indicators = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class ProgramYear(Summary):
    """One programme in one year."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="year_figures")
    is_quick_win = models.BooleanField(default=False)

    class Meta:
        ordering = ["program", "year"]
        constraints = [
            models.UniqueConstraint(fields=["program", "year"], name="program_year_is_summed_once")
        ]

    def __str__(self) -> str:
        return f"{self.program.code} {self.year}"


class DimensionYear(Summary):
    """One dimension of a masterplan in one year: the mean of its programmes."""

    masterplan = models.ForeignKey(Masterplan, models.CASCADE, related_name="dimension_years")
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="year_figures")
    programs = models.PositiveIntegerField(default=0)
    rated_programs = models.PositiveIntegerField(default=0)
    achievement_sum = ExactDecimalField(default=0)
    has_demo_data = models.BooleanField(default=False)

    class Meta:
        ordering = ["year", "dimension__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["masterplan", "dimension", "year"], name="dimension_year_is_summed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension.code} {self.year}"


class CityYear(Summary):
    """The city in one year: the mean of all programmes, and beside it the mean of dimensions.

    Its row is also what concurrent writers of the same year queue at.
    """

    masterplan = models.ForeignKey(Masterplan, models.CASCADE, related_name="city_years")
    achievement_by_dimension = ExactDecimalField(null=True)
    class_code_by_dimension = models.CharField(max_length=20, blank=True)
    programs = models.PositiveIntegerField(default=0)
    has_demo_data = models.BooleanField(default=False)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["masterplan", "year"], name="city_year_is_summed_once")
        ]

    def __str__(self) -> str:
        return str(self.year)


class OrganizationPeriod(models.Model):
    """How many activities of an organisation a quarter expects, and how many stand where."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="period_counts")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="counts")
    expected = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    nihil = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["organization", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "period"], name="organization_period_is_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.period}"

    @property
    def silent(self) -> int:
        """Activities from which nothing was handed in."""
        return self.expected - self.submitted - self.returned - self.verified - self.nihil
