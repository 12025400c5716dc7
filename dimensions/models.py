"""The frame everything hangs on: masterplans, dimensions, and the organisations that own work."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Masterplan(models.Model):
    """A city's smart-city plan over some years; `version` is the number of its last revision."""

    name = models.CharField(_("name"), max_length=200)
    start_year = models.PositiveSmallIntegerField(_("first year"))
    end_year = models.PositiveSmallIntegerField(_("last year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("masterplan")
        verbose_name_plural = _("masterplans")
        ordering = ["-start_year", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["start_year", "end_year"],
                name="masterplan_is_one_for_its_years",
                violation_error_message=_("There is already a masterplan for these years."),
            ),
            models.CheckConstraint(
                name="masterplan_ends_after_it_starts",
                condition=Q(end_year__gte=F("start_year")),
                violation_error_message=_("A masterplan cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start_year}–{self.end_year}"

    def years(self) -> range:
        return range(self.start_year, self.end_year + 1)


class MasterplanRevision(models.Model):
    """One version of a masterplan: from which day it counts, by which decree, and why."""

    masterplan = models.ForeignKey(Masterplan, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    decree = models.CharField(_("decree"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("revision of a masterplan")
        verbose_name_plural = _("revisions of a masterplan")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["masterplan", "number"], name="masterplan_revision_is_unique"
            ),
            models.CheckConstraint(
                name="later_revision_has_day_and_reason",
                condition=Q(number=1) | (Q(valid_from__isnull=False) & ~Q(reason="")),
                violation_error_message=_("A revision needs its day and its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.masterplan} v{self.number}"


class Dimension(models.Model):
    """One of the six smart-city dimensions, in the order of the council's meeting."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), unique=True)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class SubDimension(models.Model):
    """A third of a dimension, as the ministry's movement divides it."""

    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="sub_dimensions", verbose_name=_("dimension")
    )
    code = models.CharField(_("code"), max_length=6, unique=True)
    name = models.CharField(_("name"), max_length=80)
    objective = models.CharField(_("objective"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sub-dimension")
        verbose_name_plural = _("sub-dimensions")
        ordering = ["dimension__position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Organization(models.Model):
    """A city agency (OPD) or partner. An uncertain official name says so until it is confirmed."""

    class Kind(models.TextChoices):
        OPD = "opd", _("City agency (OPD)")
        PARTNER = "partner", _("Partner")
        ACADEMIC = "academic", _("Academic institution")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OPD)
    short_name = models.CharField(_("short name"), max_length=60)
    official_name = models.CharField(_("official name"), max_length=200)
    english_name = models.CharField(_("English name"), max_length=200, blank=True)
    dimension = models.ForeignKey(
        Dimension,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("dimension"),
    )
    name_is_uncertain = models.BooleanField(_("name to be confirmed"), default=False)
    name_note = models.CharField(_("note on the name"), max_length=300, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("programs:view-organization", args=[self.code])


class OrganizationName(models.Model):
    """What an organisation was called from one day on, until its next name.

    Only the first day is kept, so names can neither overlap nor leave a gap. The first name has
    no day: it counts from the beginning.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    short_name = models.CharField(_("short name"), max_length=60)
    official_name = models.CharField(_("official name"), max_length=200)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("name of an organisation")
        verbose_name_plural = _("names of an organisation")
        ordering = [F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "valid_from"],
                name="organization_has_one_name_a_day",
                violation_error_message=_("A name already begins on this day."),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(valid_from__isnull=True),
                name="organization_has_one_first_name",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class OrganizationAlias(models.Model):
    """Another form of an organisation's name, typos of the press included, and where it stood."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="aliases")
    alias = models.CharField(_("alias"), max_length=200)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["alias"]
        constraints = [
            models.UniqueConstraint(
                Lower("alias"),
                name="alias_means_one_organization",
                violation_error_message=_("This alias already belongs to an organisation."),
            )
        ]

    def __str__(self) -> str:
        return self.alias
