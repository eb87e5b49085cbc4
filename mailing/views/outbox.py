"""The outbox: what left, what did not, and why."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mailing import access, mime
from mailing.advice import steps_html
from mailing.models import Message
from mailing.reports import outbox as reports
from mailing.services import outbox
from optamed.core import dates, listing
from optamed.core.htmx import came_from, done, page, wants_part
from optamed.practice.access import user_of

CHANGED = "messages:changed"


@require_safe
def messages_page(request: HttpRequest) -> HttpResponse:
    """Every message: filtered, searched as one types, in pages."""
    asked, among = reports.Asked.of(request.GET), access.messages_of(request)
    figures = asked.figures(among)
    leaf = Paginator(asked.found(among), reports.PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "count": figures[asked.state],
        "page": leaf,
        "rows": reports.rows(list(leaf), now=dates.now()),
        "chips": listing.chips(request, reports.labels(), figures, asked.state),
        "is_new": not asked.words and not figures["all"],
        "mailbox": access.mailbox(),
        "part": wants_part(request),
    }
    answer = page(request, "mailing/messages.html", context, partial="message-results")
    return listing.unremembered(answer, asked.words)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: its state, why, and what was written."""
    found, user = access.message_for(request, pk), user_of(request)
    text, attached = mime.readable(bytes(found.mime)) if access.may_read(user, found) else ("", [])
    row = reports.row(found, now=dates.now())
    context = {
        "row": row,
        "steps": steps_html(row.why) if row.why else [],
        "message": found,
        "text": text,
        "attached": attached,
        "mailbox": access.mailbox(),
    }
    return page(request, "mailing/message.html", context, partial="message-body")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back before it leaves."""
    found = outbox.withdraw(message=access.message_for(request, pk), by=user_of(request))
    return _said(request, found, _("The message to %(address)s does not leave."))


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it leave again."""
    found = outbox.resend(message=access.message_for(request, pk), by=user_of(request))
    return _said(request, found, _("The message to %(address)s leaves again."))


@require_POST
def mark_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The user has seen that it left."""
    found = outbox.mark_sent(message=access.message_for(request, pk), by=user_of(request))
    return _said(request, found, _("The message to %(address)s counts as sent."))


def _said(request: HttpRequest, found: Message, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"address": found.recipient})
    return done(request, CHANGED, to=came_from(request, otherwise=found.get_absolute_url()))
