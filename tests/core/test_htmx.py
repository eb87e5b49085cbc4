"""Plain Django in the views; what htmx hears is made on the way out (docs/htmx.md)."""

import json

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from optamed.core import htmx
from optamed.core.errors import DomainError

PART = {"HX-Request": "true"}


def ask(answer, *, headers=None, method="post"):
    """A request through the manners alone, with messages that live as long as it does."""
    request = getattr(RequestFactory(), method)("/somewhere/", headers=headers or {})
    request.htmx = HtmxDetails(request)
    request.session = {}
    request._messages = FallbackStorage(request)

    def handler(request):
        """As Django's own handler: an exception of the view is offered to the middleware."""
        try:
            return answer(request)
        except DomainError as error:
            return manners.process_exception(request, error)

    manners = htmx.HtmxManners(handler)
    return manners(request)


def breaks(**facts):
    def view(request):
        raise DomainError("Not <today>.", **facts)

    return view


def toasts(response) -> list[dict]:
    return json.loads(response.headers["HX-Trigger"])["toast"]["items"]


def test_a_redirect_becomes_a_redirect_of_the_whole_page():
    response = ask(lambda request: redirect("/patients/"), headers=PART)

    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/patients/")


def test_a_lost_sign_in_is_asked_for_in_place():
    response = ask(lambda request: redirect("/sign-in/?next=/x/"), headers=PART)

    assert response.status_code == 401
    assert "signin:needed" in response.headers["HX-Trigger"]
    assert "HX-Redirect" not in response.headers


def test_a_message_becomes_a_toast():
    def view(request):
        messages.success(request, "Saved.")
        return HttpResponse("part")

    response = ask(view, headers=PART)

    assert toasts(response) == [{"level": "success", "text": "Saved.", "html": False}]


def test_a_broken_rule_swaps_nothing_and_says_its_sentence():
    response = ask(breaks(), headers=PART)

    assert (response.status_code, response.headers["HX-Reswap"]) == (409, "none")
    assert toasts(response) == [{"level": "error", "text": "Not <today>.", "html": False}]


def test_the_link_that_mends_it_comes_with_the_sentence_and_the_sentence_is_escaped():
    response = ask(breaks(link="/settings/accounts/", label="Bank accounts"), headers=PART)

    assert toasts(response) == [
        {
            "level": "error",
            "text": 'Not &lt;today&gt;. <a href="/settings/accounts/">Bank accounts</a>',
            "html": True,
        }
    ]


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/patients/", "http://testserver/patients/"), ("https://evil.example/", "/"), ("", "/")],
)
def test_without_htmx_a_broken_rule_leads_back_to_where_one_stood(referer, back):
    response = ask(breaks(), headers={"Referer": referer} if referer else {})

    assert (response.status_code, response.headers["Location"]) == (302, back)


def test_a_page_is_whole_for_a_browser_and_for_a_history_restore():
    request = RequestFactory().get("/", headers=PART | {"HX-History-Restore-Request": "true"})
    request.htmx = HtmxDetails(request)

    assert not htmx.wants_part(request)
