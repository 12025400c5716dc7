"""Who may make, see and publish reports (rows 12 and 13 of the permission matrix)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from reports.models import ReportJob, ReportVersion

Person = User | AnonymousUser


def visible_versions(user: Person) -> QuerySet[ReportVersion]:
    """Published reports for everyone who is signed in, drafts for the secretariat alone."""
    if not user.is_authenticated:
        return ReportVersion.objects.none()
    if user.is_secretariat:
        return ReportVersion.objects.all()
    return ReportVersion.objects.filter(status=ReportVersion.Status.PUBLISHED)


def visible_jobs(user: Person) -> QuerySet[ReportJob]:
    """The secretariat follows its jobs; the system admin sees how they stand."""
    if user.is_authenticated and (user.is_secretariat or user.is_system_admin):
        return ReportJob.objects.all()
    return ReportJob.objects.none()


def can_make_reports(user: Person) -> bool:
    return user.is_authenticated and user.is_secretariat


def can_publish_reports(user: Person) -> bool:
    return user.is_authenticated and user.is_secretariat
