"""How many invoices in which state, what is open, what came in, and the words for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from billing.models import Invoice, Payment
from billing.querysets import InvoiceQuerySet, PaymentQuerySet
from optamed.core import money
from optamed.core.sums import total

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as icon and word; ``tone`` is ok, warn, bad, info, quiet or none."""

    tone: str
    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """An invoice of a list, in words: its state, how it reached the patient, and who gets it where that is another."""

    invoice: Invoice
    badge: Badge
    sent: Badge | None

    @property
    def rappen(self) -> int:
        """What is open, for the sum of those that are ticked."""
        return int(self.invoice.open_amount * 100) if self.invoice.is_issued else 0

    @property
    def recipient(self) -> str:
        name = str(self.invoice.recipient.get("name") or "")
        return "" if name == self.invoice.patient.name else name


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

    @property
    def rappen(self) -> int:
        return int(self.open * 100)


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
        "issued": Q(state="issued"),
        "overdue": owing & Q(due_on__lt=on),
        "part": owing & Q(open_amount__lt=F("total")),
        "paid": Q(state="issued", open_amount__lte=0),
        "cancelled": Q(state="cancelled"),
    }
    return conditions.get(key, Q(pk__isnull=False))


OWED = ("open", "overdue", "part")


def invoice_figures(invoices: InvoiceQuerySet, *, state: str, on: date) -> Figures:
    """Chips and sums. Of all invoices, those that were issued and stand make the sum.

    What is owed is asked apart: it has an index of its own, small beside ten years of paid invoices.
    """
    summed = state_of_invoices(state or "issued", on=on)
    owed = (
        invoices.open()
        .order_by()
        .aggregate(
            **_counted(OWED, on=on),
            sum_total=total("total", only=summed if state in OWED else None),
            sum_open=total("open_amount", only=summed if state in OWED else None),
        )
    )
    every = invoices.order_by().aggregate(
        **_counted(("", "draft", "issued", "cancelled"), on=on), sum_total=total("total", only=summed)
    )
    row = every | {name: owed[name] for name in owed if name.startswith("n_")}
    row["n_paid"] = row["n_issued"] - row["n_open"]
    sums = owed if state in OWED else every | {"sum_open": _open_of(state, owed, every)}
    return Figures(_chips(INVOICE_STATES, row, state), row[f"n_{state}"], sums["sum_total"], sums["sum_open"])


def _counted(states: Iterable[str], *, on: date) -> dict[str, Count]:
    return {f"n_{key}": Count("pk", filter=state_of_invoices(key, on=on) if key else None) for key in states}


def _open_of(state: str, owed: Mapping[str, Any], every: Mapping[str, Any]) -> Decimal:
    """A draft will ask for all of it; what is paid or cancelled asks for nothing."""
    return Decimal({"draft": every["sum_total"], "paid": 0, "cancelled": 0}.get(state, owed["sum_open"]))


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


MAILED: Mapping[str, Callable[[], Badge]] = {
    Invoice.Mail.LEAVING: lambda: Badge("info", "send", pgettext("sent", "Leaving")),
    Invoice.Mail.SENT: lambda: Badge("quiet", "mail-check", pgettext("sent", "E-mail")),
    Invoice.Mail.FAILED: lambda: Badge("bad", "mail-x", pgettext("sent", "Not sent")),
    Invoice.Mail.UNCERTAIN: lambda: Badge("warn", "mail-question-mark", pgettext("sent", "Perhaps sent")),
}


def row_of(invoice: Invoice, *, on: date) -> Row:
    """What a list shows of an invoice."""
    return Row(invoice, badge(invoice, on=on), sent(invoice))


def sent(invoice: Invoice) -> Badge | None:
    """How an invoice reached the patient: on paper, by mail, or not at all. Of a cancelled one only what was sent."""
    if invoice.is_draft:
        return None
    if invoice.printed_at and invoice.mail_state != Invoice.Mail.SENT:
        return Badge("quiet", "printer", pgettext("sent", "Paper"))
    if invoice.is_cancelled and invoice.mail_state != Invoice.Mail.SENT:
        return None
    return _mailed(invoice) or _to_send(invoice)


def _mailed(invoice: Invoice) -> Badge | None:
    """None where no mail is wanted. One that is wanted and not written yet is taken up within a minute."""
    state = invoice.mail_state or (Invoice.Mail.LEAVING if invoice.mail_wanted else "")
    return MAILED[state]() if state else None


def _to_send(invoice: Invoice) -> Badge:
    tone = "quiet" if invoice.is_paid else "warn"
    if invoice.delivery == Invoice.Delivery.PRINT or not invoice.recipient_email:
        return Badge(tone, "printer", pgettext("sent", "To print"))
    return Badge(tone, "mail-x", pgettext("sent", "Not sent"))


def _overdue(invoice: Invoice, on: date) -> str:
    days = (on - invoice.due_on).days if invoice.due_on else 0
    return ngettext("Overdue, %(days)d day", "Overdue, %(days)d days", days) % {"days": days}
