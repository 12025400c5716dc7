"""Finding an organisation by any name it goes by."""

from django.db.models import Q

from dimensions.models import Organization

PREFIX = "dinas "


def find_organization(name: str) -> Organization | None:
    """Return the one organisation called `name`, in any case, with or without "Dinas"."""
    wanted = " ".join(name.split())
    bare = wanted[len(PREFIX) :] if wanted.lower().startswith(PREFIX) else wanted
    forms = Q()
    for form in {wanted, bare, f"{PREFIX}{bare}"}:
        forms |= Q(short_name__iexact=form) | Q(official_name__iexact=form)
        forms |= Q(aliases__alias__iexact=form)
    found = Organization.objects.filter(forms).distinct()[:2]
    return found[0] if len(found) == 1 else None
