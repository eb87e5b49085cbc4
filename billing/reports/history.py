"""What happened to an invoice, and the money that stands for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.models import Allocation, Invoice
from optamed.core import dates, money


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an invoice's history; ``at`` is an instant or a day, ``link`` leads to the other invoice of a pair."""

    at: date | datetime
    icon: str
    sentence: str
    tone: str = ""
    link: str = ""

    @property
    def has_clock(self) -> bool:
        return isinstance(self.at, datetime)


def received_for(invoice: Invoice) -> list[Allocation]:
    """Money that stands for an invoice, or was taken on its visits before, the newest first."""
    on_visits = Q(consultation__billed__invoice=invoice, consultation__billed__live=True)
    found = Allocation.objects.standing().filter(Q(invoice=invoice) | on_visits)
    return list(found.select_related("payment").distinct().order_by("-payment__received_on", "-pk"))


def of_invoice(invoice: Invoice, allocations: Sequence[Allocation], *, on: date) -> list[Event]:
    """What happened to an invoice, the newest first."""
    events = [_drafted(invoice), *_paid(allocations), *_of_its_papers(invoice), *_of_its_pair(invoice)]
    if invoice.issued_at and invoice.issued_on:
        dated = dates.local(invoice.issued_at).date() == invoice.issued_on
        events.append(Event(invoice.issued_at if dated else invoice.issued_on, "receipt-text", _("Issued")))
    if invoice.is_overdue(on) and invoice.due_on:
        events.append(Event(invoice.due_on, "triangle-alert", pgettext("history", "Overdue"), "bad"))
    if invoice.is_cancelled:
        events.append(_cancelled(invoice))
    return sorted(events, key=_moment)[::-1]  # of two steps at one moment, the later one stands first


def _drafted(invoice: Invoice) -> Event:
    if invoice.created_by is None:
        return Event(invoice.created_at, "pencil", _("Prepared"))
    return Event(invoice.created_at, "pencil", _("Prepared by %(name)s") % {"name": invoice.created_by})


def _of_its_papers(invoice: Invoice) -> Iterator[Event]:
    if invoice.printed_at:
        yield Event(invoice.printed_at, "printer", _("On paper"))
    if invoice.hidden_at:
        yield Event(invoice.hidden_at, "eye-off", _("Hidden from the lists"))


def _of_its_pair(invoice: Invoice) -> Iterator[Event]:
    """The invoice that this one corrects, and those that correct it."""
    if old := invoice.corrects:
        sentence = _("Takes the place of %(number)s") % {"number": old.number}
        yield Event(invoice.created_at, "file-check", sentence, link=old.get_absolute_url())
    for new in invoice.corrected_by.all():
        sentence = (
            _("Corrected by %(number)s") % {"number": new.number} if new.number else _("A corrected draft is made")
        )
        yield Event(new.created_at, "file-check", sentence, link=new.get_absolute_url())


def _paid(allocations: Sequence[Allocation]) -> list[Event]:
    return [
        Event(paid.payment.received_on, "hand-coins", _received(paid), "ok" if paid.payment.is_cash else "")
        for paid in allocations
    ]


def _received(paid: Allocation) -> str:
    facts = {"amount": money.swiss(paid.amount), "means": paid.payment.get_means_display()}
    if paid.payment.is_cash:
        return _("CHF %(amount)s received: %(means)s") % facts
    return _("CHF %(amount)s written off: %(means)s") % facts


def _cancelled(invoice: Invoice) -> Event:
    done = invoice.cancellation
    facts = {"number": done.number, "reason": done.reason}
    return Event(done.cancelled_on, "ban", _("Cancelled by %(number)s: %(reason)s") % facts, "bad")


def _moment(event: Event) -> tuple[str, str]:
    """By day, what has no time of day last: it happened after the papers of that day were made."""
    if isinstance(event.at, datetime):
        at = dates.local(event.at)
        return f"{at:%Y-%m-%d}", f"{at:%H:%M:%S.%f}"
    return f"{event.at:%Y-%m-%d}", "24"
