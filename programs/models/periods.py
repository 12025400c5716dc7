"""The quarters that agencies report on."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


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
    def starts_on(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today
