"""The mailbox: its settings, tested live before they are saved. For the owner only."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from mailing import access, presets
from mailing.advice import advice
from mailing.forms import MailForm, initial_for, server_of
from mailing.reports.outcome import Outcome, outcome
from mailing.services import accounts
from optamed.core.htmx import page, wants_part
from optamed.practice.access import owner_required, practice_or_none, user_of

TEMPLATE = "mailing/mailbox.html"


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def settings(request: HttpRequest) -> HttpResponse:
    """The page; saving tests again and stores only what works."""
    if request.method != "POST":
        return page(request, TEMPLATE, _context(request, _form(request)), partial="mail-form")
    form = _form(request)
    if not form.is_valid():
        return _wrong(request, form)
    result = accounts.save(draft=form.draft(), by=user_of(request))
    if result.ok:
        messages.success(request, _("The mailbox is connected."))
        return redirect("mailing:mail-settings")
    return _answer(request, form, outcome(result, form.draft()))


@require_GET
@owner_required
def provider(request: HttpRequest) -> HttpResponse:
    """Another provider was chosen: its server, and what it calls the password."""
    form = _form(request)
    return page(request, TEMPLATE, _context(request, form, oob="provider"), partial="mail-provider")


@require_GET
@owner_required
def untested(request: HttpRequest) -> HttpResponse:
    """Something was typed after a good test: it has to be tested again."""
    return page(request, TEMPLATE, _context(request, _form(request), oob="untested"), partial="mail-untested")


@require_POST
@owner_required
def test(request: HttpRequest) -> HttpResponse:
    """Test the connection: green, or the reason and what to do."""
    form = _form(request)
    if not form.is_valid():
        return _wrong(request, form)
    result = accounts.test(draft=form.draft(), by=user_of(request))
    return _answer(request, form, outcome(result, form.draft()))


@require_POST
@owner_required
def trial(request: HttpRequest) -> HttpResponse:
    """Really send a message to the mailbox itself."""
    form = _form(request)
    if not form.is_valid():
        return _wrong(request, form)
    result = accounts.send_trial(draft=form.draft(), by=user_of(request))
    return _answer(request, form, outcome(result, form.draft(), is_trial=True))


def _form(request: HttpRequest) -> MailForm:
    account = access.mailbox()
    if request.method == "POST":
        data = request.POST.copy()
        data["security"] = data.get("use") or data.get("security", "")  # the button that mends the encryption
        return MailForm(data, account=account)
    user, practice = user_of(request), practice_or_none()
    guessed = presets.preset_of_address(user.email)
    initial = initial_for(account, preset=guessed, address=user.email, name=practice.name if practice else user.name)
    if "preset" in request.GET:
        initial |= server_of(presets.preset(request.GET["preset"]))
    return MailForm(initial=initial, account=account)


def _context(request: HttpRequest, form: MailForm, *, oob: str = "", answer: Outcome | None = None) -> dict[str, Any]:
    """`oob` names the answer that comes with parts for elsewhere on the page."""
    account = access.mailbox()
    paused = advice(account.pause_key, preset=account.preset) if account and account.pause_key else None
    oob = oob if wants_part(request) else ""
    return {"form": form, "account": account, "paused": paused, "outcome": answer, "oob": oob}


def _answer(request: HttpRequest, form: MailForm, answer: Outcome) -> HttpResponse:
    """The answer stands under the fields; the password stays where it was typed. Red is an answer too, no error."""
    return page(request, TEMPLATE, _context(request, form, oob="answer", answer=answer), partial="mail-answered")


def _wrong(request: HttpRequest, form: MailForm) -> HttpResponse:
    """A field is wrong: the form again, with its sentences."""
    response = page(request, TEMPLATE, _context(request, form), partial="mail-form", status=422)
    return reswap(retarget(response, "#mail-form"), "outerHTML")
