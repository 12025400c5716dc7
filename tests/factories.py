"""Small makers of things: each makes what it is asked for and the least that it needs."""

import io
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pikepdf
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from dimensions.models import Dimension, Masterplan, Organization, SubDimension
from evaluations.models import (
    Criterion,
    CriterionScore,
    DimensionEvaluation,
    Meeting,
    Rubric,
    RubricLevel,
)
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Evidence,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from programs.summaries import count_periods, recount
from programs.uploads import CheckedFile

NUMBERS = count(1)
YEAR = 2023


def make_organization(code: str) -> Organization:
    return Organization.objects.create(
        code=code, short_name=code.title(), official_name=f"Dinas {code.title()}"
    )


def make_user(username: str, role: Role, organization: Organization | None = None) -> User:
    user = User(username=username, full_name=username.title(), role=role, organization=organization)
    user.set_unusable_password()
    user.save()
    return user


def make_dimension(code: str = "SL") -> Dimension:
    names = {"SG": 1, "SB": 2, "SE": 3, "SS": 4, "SL": 5, "EN": 6}
    return Dimension.objects.get_or_create(
        code=code, defaults={"name": f"Smart {code}", "position": names[code]}
    )[0]


def make_masterplan() -> Masterplan:
    return Masterplan.objects.get_or_create(
        start_year=2019, end_year=2024, version=1, defaults={"name": "Masterplan"}
    )[0]


def make_later_masterplan() -> Masterplan:
    return Masterplan.objects.get_or_create(
        start_year=2025, end_year=2029, version=1, defaults={"name": "Masterplan"}
    )[0]


def make_program(owner: Organization, *, dimension: str = "SL") -> Program:
    number = next(NUMBERS)
    sub_dimension = SubDimension.objects.get_or_create(
        code=f"{dimension}.1", defaults={"dimension": make_dimension(dimension), "name": "Sub"}
    )[0]
    return Program.objects.create(
        masterplan=make_masterplan(),
        sub_dimension=sub_dimension,
        owner=owner,
        code=f"{dimension}-{number:02}",
        title=f"Program {number}",
    )


def make_activity(
    owner: Organization,
    *,
    program: Program | None = None,
    dimension: str = "SL",
    year: int = YEAR,
    budget: int = 100_000_000,
    indicators: int = 1,
) -> Activity:
    """Make an activity with a budget in `year` and indicators that each aim at 100 units."""
    program = program or make_program(owner, dimension=dimension)
    number = next(NUMBERS)
    activity = Activity.objects.create(
        dimension=program.sub_dimension.dimension,
        program=program,
        owner=owner,
        code=f"K-{number}",
        title=f"Kegiatan {number}",
    )
    ActivityYear.objects.create(
        activity=activity, program=program, fiscal_year=year, budget_original=budget
    )
    for _ in range(indicators):
        make_indicator(activity, year=year)
    recount(program.masterplan, year)
    return activity


def make_indicator(
    activity: Activity, *, target: str = "100", year: int = YEAR, **fields: Any
) -> Indicator:
    number = next(NUMBERS)
    indicator = Indicator.objects.create(
        activity=activity,
        code=f"I-{number}",
        name=f"Indikator {number}",
        unit="unit",
        **{
            "polarity": Indicator.Polarity.MAXIMIZE,
            "aggregation": Indicator.Aggregation.LAST,
            **fields,
        },
    )
    AnnualTarget.objects.create(indicator=indicator, year=year, value=Decimal(target))
    return indicator


def make_period(
    year: int = YEAR, quarter: int = 4, status: str = ReportingPeriod.Status.OPEN
) -> ReportingPeriod:
    return ReportingPeriod.objects.get_or_create(
        year=year, quarter=quarter, defaults={"status": status, "due_on": date(year + 1, 1, 31)}
    )[0]


def make_entry(
    activity: Activity,
    period: ReportingPeriod,
    *,
    status: str = ProgressEntry.Status.DRAFT,
    by: User | None = None,
    verified_by: User | None = None,
    actual: str | None = "80",
    spent: int | None = 50_000_000,
    physical: str | None = "60",
) -> ProgressEntry:
    """Make an entry in any state, with `actual` for each indicator of the activity."""
    handed_in = status in {ProgressEntry.Status.SUBMITTED, ProgressEntry.Status.VERIFIED}
    entry = ProgressEntry.objects.create(
        activity=activity,
        period=period,
        status=status,
        physical_progress_pct=None if physical is None else Decimal(physical),
        budget_spent=spent,
        submitted_by=by if handed_in else None,
        submitted_at=timezone.now() if handed_in else None,
        verified_by=verified_by,
        verified_at=timezone.now() if verified_by else None,
        version=1,
    )
    if by is not None:
        entry.writers.add(by)
    for indicator in activity.indicators.all():
        IndicatorValue.objects.create(
            entry=entry,
            indicator=indicator,
            actual_value=None if actual is None else Decimal(actual),
        )
    count_periods([period])
    if status == ProgressEntry.Status.VERIFIED and activity.program is not None:
        recount(activity.program.masterplan, period.year)
    return entry


def make_photo(*, size: tuple[int, int] = (8, 6), form: str = "JPEG", **saved_with: Any) -> bytes:
    """Make the bytes of a picture; what else is given is saved with it, as `exif` is."""
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, form, **saved_with)
    return content.getvalue()


def make_pdf(**root: Any) -> bytes:
    """Make the bytes of an empty page; what is given is hung under the document's root."""
    content = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, thing in root.items():
            pdf.Root[f"/{name}"] = thing
        pdf.save(content)
    return content.getvalue()


def make_checked_file(name: str = "foto.jpg", content: bytes = b"a photo") -> CheckedFile:
    return CheckedFile(name=name, extension=".jpg", kind=Evidence.Kind.PHOTO, content=content)


def make_evidence(
    entry: ProgressEntry, *, by: User, shareable: bool = False, name: str = "foto.jpg"
) -> Evidence:
    """Attach a file that is on the disk, past the rules of who may and when."""
    file = make_checked_file(name)
    evidence = Evidence(
        entry=entry,
        kind=file.kind,
        original_name=file.name,
        extension=file.extension,
        size=len(file.content),
        sha256=file.sha256,
        is_shareable=shareable,
        uploaded_by=by,
    )
    evidence.file.save(file.name, ContentFile(file.content))
    return evidence


def make_rubric() -> Rubric:
    """Make a form of two criteria, 60 and 40 percent, on a scale of 1 to 4."""
    rubric = Rubric.objects.create(name=f"Formulir {next(NUMBERS)}", scale_max=4)
    Criterion.objects.create(rubric=rubric, position=1, title="Integrasi", weight=60)
    Criterion.objects.create(rubric=rubric, position=2, title="Partisipasi", weight=40)
    for score in range(1, 5):
        RubricLevel.objects.create(
            rubric=rubric, score=score, label=f"Tingkat {score}", descriptor="Arti"
        )
    return rubric


def make_meeting(
    *organizations: Organization, status: str = Meeting.Status.OPEN, slug: str = "rakor"
) -> Meeting:
    meeting = Meeting.objects.create(
        slug=slug,
        title="Rapat Koordinasi",
        stage=Meeting.Stage.FIRST,
        held_on=date(2024, 6, 4),
        place="Balai Kota",
        evaluated_year=YEAR,
        masterplan=make_masterplan(),
        rubric=make_rubric(),
        status=status,
    )
    meeting.organizations.set(organizations)
    return meeting


def make_evaluation(
    meeting: Meeting,
    dimension: str,
    member: User,
    *,
    scores: tuple[int, ...],
    status: str = DimensionEvaluation.Status.SUBMITTED,
    comment: str = "",
    recommendation: str = "",
) -> DimensionEvaluation:
    """Make a member's answer with one score for each criterion of the meeting's rubric."""
    evaluation = DimensionEvaluation.objects.create(
        meeting=meeting,
        dimension=make_dimension(dimension),
        member=member,
        status=status,
        comment=comment,
        recommendation=recommendation,
        submitted_at=timezone.now() if status == "submitted" else None,
        version=1,
    )
    for criterion, score in zip(meeting.rubric.criteria.all(), scores, strict=True):
        CriterionScore.objects.create(evaluation=evaluation, criterion=criterion, score=score)
    return evaluation
