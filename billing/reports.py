"""The figures of billing: how many invoices in which state, what is open, what came in, and the words for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from billing.models import Allocation, Invoice, Payment
from billing.querysets import InvoiceQuerySet, PaymentQuerySet
from optamed.core import dates, money
from optamed.core.sums import total

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as icon and word; ``tone`` is ok, warn, bad, info, quiet or none."""

    tone: str
    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that says how many."""

    key: str
    label: Words
    count: int
    current: bool

    @property
    def figure(self) -> str:
        return f"{self.count:,}".replace(",", money.THOUSANDS)


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above a list: the chips, and count and sums in CHF of what is listed."""

    chips: Sequence[Chip]
    count: int
    total: Decimal
    open: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an invoice's history; ``at`` is an instant or a day."""

    at: date | datetime
    icon: str
    sentence: str
    tone: str = ""

    @property
    def has_clock(self) -> bool:
        return isinstance(self.at, datetime)


INVOICE_STATES: Mapping[str, Words] = {
    "": pgettext_lazy("invoices", "All"),
    "draft": gettext_lazy("Drafts"),
    "open": pgettext_lazy("invoices", "Open"),
    "overdue": pgettext_lazy("invoices", "Overdue"),
    "part": pgettext_lazy("invoices", "Partly paid"),
    "paid": pgettext_lazy("invoices", "Paid"),
    "cancelled": pgettext_lazy("invoices", "Cancelled"),
}


def state_of_invoices(key: str, *, on: date) -> Q:
    """The condition behind a chip, the same as the question of that name."""
    owing = Q(state="issued", open_amount__gt=0)
    conditions = {
        "draft": Q(state="draft"),
        "open": owing,
        "overdue": owing & Q(due_on__lt=on),
        "part": owing & Q(open_amount__lt=F("total")),
        "paid": Q(state="issued", open_amount__lte=0),
        "cancelled": Q(state="cancelled"),
    }
    return conditions.get(key, Q(pk__isnull=False))


def invoice_figures(invoices: InvoiceQuerySet, *, state: str, on: date) -> Figures:
    """Chips and sums in one query. Of all invoices, those that were issued and stand make the sum."""
    summed = state_of_invoices(state, on=on) if state else Q(state="issued")
    counts = {f"n_{key}": Count("pk", filter=state_of_invoices(key, on=on) if key else None) for key in INVOICE_STATES}
    row = invoices.order_by().aggregate(
        **counts, sum_total=total("total", only=summed), sum_open=total("open_amount", only=summed)
    )
    return Figures(_chips(INVOICE_STATES, row, state), row[f"n_{state}"], row["sum_total"], row["sum_open"])


def payment_states() -> Mapping[str, Words]:
    """The chips of the payments: each means, then what was cancelled."""
    every, gone = pgettext_lazy("payments", "All"), pgettext_lazy("payments", "Cancelled")
    return {"": every, **dict(Payment.Means.choices), "cancelled": gone}


def state_of_payments(key: str) -> Q:
    """The condition behind a chip; cancelled payments stand under their own chip alone."""
    standing = Q(cancelled_at__isnull=True)
    if key == "cancelled":
        return ~standing
    return standing & Q(means=key) if key else standing


def payment_figures(payments: PaymentQuerySet, *, state: str) -> Figures:
    """Chips, and the money that really came in: losses and discounts are never counted as received."""
    states = payment_states()
    counts = {f"n_{key}": Count("pk", filter=state_of_payments(key)) for key in states}
    cash = state_of_payments(state) & ~Q(means__in=Payment.NO_CASH)
    row = payments.order_by().aggregate(**counts, sum_total=total("amount", only=cash))
    return Figures(_chips(states, row, state), row[f"n_{state}"], row["sum_total"])


def _chips(states: Mapping[str, Words], row: Mapping[str, Any], current: str) -> list[Chip]:
    return [Chip(key, label, row[f"n_{key}"], key == current) for key, label in states.items()]


def badge(invoice: Invoice, *, on: date) -> Badge:
    """The state of an invoice as people say it."""
    if invoice.is_draft:
        return Badge("none", "pencil", pgettext("invoice", "Draft"))
    if invoice.is_cancelled:
        return Badge("none", "ban", pgettext("invoice", "Cancelled"))
    if invoice.is_paid:
        return Badge("ok", "circle-check", pgettext("invoice", "Paid"))
    if invoice.is_overdue(on):
        return Badge("bad", "triangle-alert", _overdue(invoice, on))
    if invoice.is_partly_paid:
        return Badge("warn", "circle-dot-dashed", pgettext("invoice", "Partly paid"))
    return Badge("quiet", "hourglass", pgettext("invoice", "Open"))


def _overdue(invoice: Invoice, on: date) -> str:
    days = (on - invoice.due_on).days if invoice.due_on else 0
    return ngettext("Overdue, %(days)d day", "Overdue, %(days)d days", days) % {"days": days}


def received_for(invoice: Invoice) -> list[Allocation]:
    """Money that stands for an invoice, or was taken on its visits before, the newest first."""
    on_visits = Q(consultation__billed__invoice=invoice, consultation__billed__live=True)
    found = Allocation.objects.filter(Q(invoice=invoice) | on_visits, payment__cancelled_at__isnull=True)
    return list(found.select_related("payment").distinct().order_by("-payment__received_on", "-pk"))


def history(invoice: Invoice, allocations: Sequence[Allocation], *, on: date) -> list[Event]:
    """What happened to an invoice, the newest first."""
    events = [_drafted(invoice), *_paid(allocations)]
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


def file_name(invoice: Invoice) -> str:
    """Of the paper: our number alone, and of that only what every system takes in a file's name."""
    return f"{re.sub(r'[^A-Za-z0-9-]', '_', invoice.number or f'draft-{invoice.pk}')}.pdf"
