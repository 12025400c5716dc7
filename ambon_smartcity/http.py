"""What every app asks of a request: a signed-in person, a refusal, a text that is not lost."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

P = ParamSpec("P")
log = logging.getLogger(__name__)

STASH_KEY = "kept_text"
STASH_LIMIT = 200_000
OWNER_FIELD = "form_owner"
OWNER_SALT = "form-owner"
# What a form carries for the machine and must not be given back as text.
MACHINE_FIELDS = {"csrfmiddlewaretoken", OWNER_FIELD, "version"}


class UserRequest(HttpRequest):
    """A request whose user is signed in."""

    user: "User"


class Refused(Exception):
    """The record is in a state that forbids the act; the text is a sentence for the person."""


R = TypeVar("R", bound=HttpResponseBase)


def signed_in(
    view: Callable[Concatenate[Any, P], R],
) -> Callable[Concatenate[Any, P], R | HttpResponseRedirect]:
    """Let a signed-in person through; send a visitor to sign in and keep what was typed."""

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponseRedirect:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        can_come_back = request.method in {"GET", "HEAD"} or keep_text(request)
        query = urlencode({"next": request.get_full_path()}) if can_come_back else ""
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")

    return guarded


def form_owner(user: "User") -> str:
    """Return the mark a form carries, so that a kept text goes back to its writer only."""
    return signing.dumps(user.pk, salt=OWNER_SALT)


def keep_text(request: HttpRequest) -> bool:
    """Put what was typed aside in the session until its writer has signed in again.

    Only forms that carry their owner's mark are kept; their pages answer GET as well as POST.
    """
    if request.method != "POST" or OWNER_FIELD not in request.POST:
        return False
    body = request.POST.urlencode()
    if len(body) <= STASH_LIMIT:
        request.session[STASH_KEY] = {"path": request.path, "body": body}
    return True


def take_kept_text(request: UserRequest) -> QueryDict | None:
    """Return the text this person typed on this page before the session ended, once."""
    kept = request.session.get(STASH_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[STASH_KEY]
    body = QueryDict(kept["body"])
    try:
        owner = signing.loads(body[OWNER_FIELD], salt=OWNER_SALT)
    except (signing.BadSignature, KeyError):
        return None
    return body if owner == request.user.pk else None


def typed_texts(data: Mapping[str, Any]) -> list[str]:
    """Return the longer texts of a form, so that a refusal can give them back."""
    return [
        value
        for name, value in data.items()
        if name not in MACHINE_FIELDS and isinstance(value, str) and len(value.strip()) > 2
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form whose key has expired: keep its text and show the form again."""
    if request.method == "POST" and OWNER_FIELD in request.POST:
        keep_text(request)
        messages.warning(request, _("Your session was renewed. Please check and send again."))
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Indonesian for everybody who did not choose otherwise, whatever their phone is set to."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        translation.activate(chosen if known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class RefusalMiddleware:
    """Turn a refused act into a page with the reason, status 409, and the typed text on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        log.info(
            "refused %s %s to %s: %s", request.method, request.path, request.user.pk, exception
        )
        # What was typed just now, or before the session ended and this page was asked for again.
        typed: Mapping[str, Any] = (
            request.POST or take_kept_text(cast("UserRequest", request)) or {}
        )
        return refusal(request, str(exception), typed)


def refusal(request: HttpRequest, reason: str, typed: Mapping[str, Any]) -> HttpResponse:
    """Return the page that says why not, and gives back what was typed."""
    context = {"reason": reason, "texts": typed_texts(typed)}
    return render(request, "409.html", context, status=409)
