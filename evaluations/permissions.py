"""Who may see and do what with meetings and evaluations (rows 8 to 11 of the matrix)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from evaluations.models import DimensionEvaluation, Meeting
from programs.models import Program
from programs.permissions import programs_with_figures

Person = User | AnonymousUser


def visible_meetings(user: Person) -> QuerySet[Meeting]:
    """Council and secretariat see every meeting, an agency those it is invited to."""
    if not user.is_authenticated:
        return Meeting.objects.none()
    if user.is_secretariat or user.is_council_member:
        return Meeting.objects.all()
    if user.agency_id:
        return Meeting.objects.filter(organizations=user.agency_id)
    return Meeting.objects.none()


def programs_with_visible_figures(user: Person, meeting: Meeting) -> QuerySet[Program]:
    """The meeting's programmes among those whose figures a person sees."""
    return programs_with_figures(user).filter(masterplan=meeting.masterplan_id)


def visible_evaluations(user: Person) -> QuerySet[DimensionEvaluation]:
    """A member sees their own answers; the secretariat those that were handed in."""
    if not user.is_authenticated:
        return DimensionEvaluation.objects.none()
    if user.is_secretariat:
        return DimensionEvaluation.objects.filter(status=DimensionEvaluation.Status.SUBMITTED)
    return DimensionEvaluation.objects.filter(member=user)


def can_evaluate(user: Person) -> bool:
    """Council members score; whether the meeting still takes scores is asked of the record."""
    return user.is_authenticated and user.is_council_member
