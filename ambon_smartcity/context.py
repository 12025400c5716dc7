"""What every page shows: the way round the portal for this role, and whether data are demo data."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import User
from accounts.permissions import can_manage_people
from dimensions.permissions import can_manage_frame
from programs.models import Program
from programs.permissions import can_review_entries, sees_whole_city


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    is_current: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "shows_demo_data": SimpleLazyObject(Program.objects.filter(is_demo=True).exists),
        "demo_logins": DEMO_LOGINS if settings.DEMO else (),
        "demo_password": DEMO_PASSWORD if settings.DEMO else "",
    }


def _nav(request: HttpRequest) -> list[NavItem]:
    user = request.user
    if not isinstance(user, User):
        return []
    places = [(_("Home"), reverse("home"))]
    if can_review_entries(user):
        places.append((_("Verification"), reverse("programs:review-queue")))
    if sees_whole_city(user):
        places.append((_("Achievement"), reverse("programs:view-city")))
    elif user.agency_id and user.organization:
        places.append((_("Achievement"), user.organization.get_absolute_url()))
    places += [
        (_("Programmes"), reverse("programs:list-programs")),
        (_("Reporting"), reverse("programs:view-reporting")),
        (_("Meetings"), reverse("evaluations:list-meetings")),
        (_("Reports"), reverse("reports:list-versions")),
    ]
    if can_manage_frame(user):
        places.append((_("Plan"), reverse("dimensions:plan")))
    if can_manage_people(user):
        places.append((_("Manage data"), reverse("admin:index")))
    return [_item(label, url, request.path) for label, url in places]


def _item(label: str, url: str, path: str) -> NavItem:
    is_current = path == url if url == "/" else path.startswith(url)
    return NavItem(label, url, is_current)
