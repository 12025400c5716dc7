"""The council's meeting (rakor), who was there, and how its members evaluate each dimension."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dimensions.models import Dimension, Masterplan, Organization


class Rubric(models.Model):
    """The criteria of an evaluation and its scale, one version of them."""

    name = models.CharField(_("name"), max_length=200)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    scale_max = models.PositiveSmallIntegerField(_("highest score"), default=4)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("evaluation form")
        verbose_name_plural = _("evaluation forms")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="rubric_version_is_unique"),
            models.CheckConstraint(
                name="scale_has_two_to_ten_steps", condition=Q(scale_max__range=(2, 10))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class RubricLevel(models.Model):
    """What one score means in words."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="levels")
    score = models.PositiveSmallIntegerField(_("score"))
    label = models.CharField(_("label"), max_length=60)
    descriptor = models.CharField(_("meaning"), max_length=300)

    class Meta:
        ordering = ["score"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "score"], name="level_is_described_once")
        ]

    def __str__(self) -> str:
        return f"{self.score} – {self.label}"


class Criterion(models.Model):
    """One question of the form; the weights of a rubric total 100."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("criterion"), max_length=200)
    question = models.CharField(_("question"), max_length=300, blank=True)
    weight = models.DecimalField(_("weight (%)"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "position"], name="criterion_has_its_place"),
            models.CheckConstraint(
                name="weight_is_a_share",
                condition=Q(weight__gt=0, weight__lte=100),
                violation_error_message=_("A weight lies above 0 and at most at 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Meeting(models.Model):
    """A coordination meeting of the council that evaluates one year of a masterplan."""

    class Stage(models.TextChoices):
        FIRST = "I", _("Stage I")
        SECOND = "II", _("Stage II")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        FINALISED = "finalised", _("Finalised")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    stage = models.CharField(_("stage"), max_length=2, choices=Stage)
    held_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200)
    organizer = models.CharField(_("organiser"), max_length=200, blank=True)
    opened_by = models.CharField(_("opened by"), max_length=200, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    evaluated_year = models.PositiveSmallIntegerField(_("evaluated year"))
    masterplan = models.ForeignKey(
        Masterplan, models.PROTECT, related_name="meetings", verbose_name=_("masterplan")
    )
    rubric = models.ForeignKey(
        Rubric, models.PROTECT, related_name="meetings", verbose_name=_("evaluation form")
    )
    organizations = models.ManyToManyField(
        Organization, related_name="meetings", blank=True, verbose_name=_("organisations evaluated")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on"]
        constraints = [
            models.CheckConstraint(
                name="meeting_is_not_before_its_evaluated_year",
                condition=Q(evaluated_year__lte=ExtractYear(F("held_on"))),
                violation_error_message=_("A meeting cannot be held before the year it evaluates."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluations:view-meeting", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_finalised(self) -> bool:
        return self.status == self.Status.FINALISED


class Attendance(models.Model):
    """A person, known or not by name, or an organisation that was at a meeting."""

    class Group(models.TextChoices):
        HOST = "host", _("Host")
        OPD_HEAD = "opd_head", _("Agency heads")
        OPD_OFFICIAL = "opd_official", _("Agency officials and staff")
        ACADEMIC = "academic", _("Academics")
        PARTNER = "partner", _("Partners")
        DRAFTING_TEAM = "drafting_team", _("Masterplan drafting team")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    group = models.CharField(_("group"), max_length=20, choices=Group)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    position = models.CharField(_("office"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="attendance_names_somebody",
                condition=~Q(name="") | ~Q(position="") | Q(organization__isnull=False),
                violation_error_message=_("Name the person, the office or the organisation."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.position or str(self.organization)


class DimensionEvaluation(models.Model):
    """One member's answer on one dimension at one meeting."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="evaluations")
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="evaluations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluations")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    comment = models.TextField(_("comment"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    submitted_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["dimension__position", "submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "dimension", "member"], name="member_evaluates_a_dimension_once"
            ),
            models.CheckConstraint(
                name="submitted_evaluation_has_a_time",
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}, {self.meeting}"


class CriterionScore(models.Model):
    """The score a member gave to one criterion."""

    evaluation = models.ForeignKey(DimensionEvaluation, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "criterion"], name="criterion_is_scored_once"
            ),
            models.CheckConstraint(name="score_is_at_least_one", condition=Q(score__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"
