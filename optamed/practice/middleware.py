"""What happens around every page of a signed-in user."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from optamed.core import dates
from optamed.practice import access
from optamed.practice.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SEEN = "seen_at"
NOTED_EVERY = 15  # seconds: writing the session on every request would cost more than it tells


class IdleLock:
    """An open screen: after idle minutes the session ends. What a page asks for by itself is no activity."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            self._lock_or_note(request)
        return self.get_response(request)

    @staticmethod
    def _lock_or_note(request: HttpRequest) -> None:
        now = dates.now().timestamp()
        practice = access.practice_of(request)
        limit = 60 * (practice.idle_minutes if practice else 10)
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > limit:
            logout(request)
            messages.info(request, _("You were signed out after a pause. Sign in to go on."))
        elif request.headers.get("X-Background") != "1" and (seen is None or now - seen > NOTED_EVERY):
            request.session[SEEN] = now


class UserLanguage:
    """The screen speaks the user's language, whatever the browser says."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class NoStore:
    """No page with health data stays in the browser's cache (ASVS 5.0, V14). Static files are served before this."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response
