"""Who may see and do what with programmes and progress (rows 4 to 7 of the permission matrix)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from dimensions.models import Organization
from programs.models import Activity, Evidence, OrganizationPeriod, Program, ProgressEntry

Person = User | AnonymousUser


def visible_programs(user: Person) -> QuerySet[Program]:
    """The masterplan is open to everyone who is signed in."""
    return Program.objects.all() if user.is_authenticated else Program.objects.none()


def visible_activities(user: Person) -> QuerySet[Activity]:
    return Activity.objects.all() if user.is_authenticated else Activity.objects.none()


def sees_whole_city(user: Person) -> bool:
    """Whether the figures of dimensions and city may be shown: they tell of every agency."""
    return user.is_authenticated and (
        user.is_secretariat or user.is_council_member or user.is_system_admin
    )


def programs_with_figures(user: Person) -> QuerySet[Program]:
    """Programmes whose verified figures a person sees: all of them, or an agency's own."""
    if sees_whole_city(user):
        return Program.objects.all()
    if user.is_authenticated and user.agency_id:
        return Program.objects.filter(owner=user.agency_id)
    return Program.objects.none()


def is_own(user: Person, organization_id: int) -> bool:
    """Whether the person writes for this organisation."""
    return user.is_authenticated and user.agency_id == organization_id


def sees_figures_of(user: Person, activity: Activity) -> bool:
    """Whether a person sees what one activity reached, on its own page: not even its lead does.

    Who leads a programme sees the figures that make up the programme's, year by year, there.
    """
    return sees_whole_city(user) or is_own(user, activity.owner_id)


def programs_behind(user: Person, activity: Activity, year: int) -> QuerySet[Program]:
    """The programme an activity counted in that year, for those who see what it reached then.

    These are its own agency, whoever leads that programme, and those who see the whole city.
    """
    its_program = Program.objects.filter(
        activity_years__activity=activity, activity_years__fiscal_year=year
    )
    if is_own(user, activity.owner_id):
        return its_program
    return programs_with_figures(user).filter(pk__in=its_program)


def programs_of_city(user: Person) -> QuerySet[Program]:
    """All programmes, for those who may see what the dimensions and the city reached."""
    return Program.objects.all() if sees_whole_city(user) else Program.objects.none()


def sees_reports_of(user: Person, organization: Organization) -> bool:
    """Whether a person sees which of an organisation's reports are there."""
    return sees_whole_city(user) or is_own(user, organization.pk)


def entries_with_visible_state(user: Person) -> QuerySet[ProgressEntry]:
    """Entries of which a person sees how far they are; what they say is another question."""
    if sees_whole_city(user):
        return ProgressEntry.objects.all()
    if user.is_authenticated and user.agency_id:
        return ProgressEntry.objects.filter(activity__owner=user.agency_id)
    return ProgressEntry.objects.none()


def visible_counts(user: Person) -> QuerySet[OrganizationPeriod]:
    """How far each organisation's reports are: an agency sees its own line."""
    if sees_whole_city(user):
        return OrganizationPeriod.objects.all()
    if user.is_authenticated and user.agency_id:
        return OrganizationPeriod.objects.filter(organization=user.agency_id)
    return OrganizationPeriod.objects.none()


def reportable_activities(user: Person) -> QuerySet[Activity]:
    """Those a person may write progress for: an agency its own, the secretariat any."""
    if not user.is_authenticated:
        return Activity.objects.none()
    if user.is_secretariat:
        return Activity.objects.all()
    return (
        Activity.objects.filter(owner=user.agency_id) if user.agency_id else Activity.objects.none()
    )


def visible_entries(user: Person) -> QuerySet[ProgressEntry]:
    """An agency sees its own entries, the secretariat all, a council member the verified ones."""
    if not user.is_authenticated:
        return ProgressEntry.objects.none()
    if user.is_secretariat:
        return ProgressEntry.objects.all()
    if user.is_council_member:
        return ProgressEntry.objects.filter(status=ProgressEntry.Status.VERIFIED)
    if user.agency_id:
        return ProgressEntry.objects.filter(activity__owner=user.agency_id)
    return ProgressEntry.objects.none()


def can_write_entries_of(user: Person, activity: Activity) -> bool:
    return user.is_authenticated and (
        user.is_secretariat or (user.agency_id is not None and activity.owner_id == user.agency_id)
    )


def can_submit_entry(user: Person, entry: ProgressEntry) -> bool:
    """The head signs for the agency; the secretariat may hand in what it entered on behalf."""
    if not can_write_entries_of(user, entry.activity):
        return False
    return user.is_authenticated and (user.is_head or user.is_secretariat)


def can_review_entries(user: Person) -> bool:
    return user.is_authenticated and user.is_secretariat


def visible_evidence(user: Person) -> QuerySet[Evidence]:
    """Evidence of the entries a person sees; council members only what is marked shareable."""
    if not user.is_authenticated:
        return Evidence.objects.none()
    seen = Q(entry__in=visible_entries(user))
    if user.is_council_member:
        seen &= Q(is_shareable=True)
    return Evidence.objects.filter(seen)


def can_remove_evidence_of(user: Person, activity: Activity) -> bool:
    """Only its own agency takes evidence away; the secretariat keeps what it was given."""
    return (
        user.is_authenticated and not user.is_secretariat and can_write_entries_of(user, activity)
    )


def can_change_evidence(user: Person, evidence: Evidence) -> bool:
    return can_remove_evidence_of(user, evidence.entry.activity)
