"""The books of a period: what was issued, cancelled, received and taken back, and the journal that follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from agenda.consultations.models import ConsultationLine
from billing import bookkeeping
from billing.bookkeeping import Bill, Method, Posting, Receipt
from billing.models import Allocation, Cancellation, Invoice, InvoiceLine, Payment
from billing.querysets import PaymentQuerySet
from optamed.core import dates
from optamed.core.money import ZERO
from optamed.practice.models import VatRate
from patients.models import Patient

LONG = ("document", "qr_payload")
CHUNK = 500  # keys in one query
Target = tuple[int | None, int | None]  # keys of invoice and consultation; one of them is None


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount that contains VAT."""

    amount: Decimal
    vat_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much in CHF."""

    count: int
    amount: Decimal


@dataclass(frozen=True)
class Book:
    """The records of a period and the postings that follow; both ends of the period belong to it."""

    first: date
    last: date
    invoices: Sequence[Invoice]
    cancellations: Sequence[Cancellation]
    payments: Sequence[Payment]
    taken_back: Sequence[Payment]
    postings: Sequence[Posting]

    @property
    def is_empty(self) -> bool:
        return not (self.invoices or self.cancellations or self.payments or self.taken_back)

    @property
    def standing(self) -> Sum:
        """Issued in the period and still standing: what the list of invoices adds up."""
        return _sum(invoice.total for invoice in self.invoices if invoice.is_issued)

    @property
    def voided(self) -> Sum:
        """Issued in the period, cancelled then or since."""
        return _sum(invoice.total for invoice in self.invoices if invoice.is_cancelled)

    @property
    def cancelled(self) -> Sum:
        """Cancelled in the period, whenever it was issued."""
        return _sum(done.invoice.total for done in self.cancellations)

    @property
    def received(self) -> Sum:
        """Money that came in and stayed: what the list of payments adds up."""
        return _sum(one.amount for one in self.payments if one.is_cash and not one.is_cancelled)

    @property
    def written_off(self) -> Sum:
        return _sum(one.amount for one in self.payments if not one.is_cash and not one.is_cancelled)

    @property
    def undone(self) -> Sum:
        """Payments cancelled in the period, whenever they were received."""
        return _sum(one.amount for one in self.taken_back)

    @property
    def balances(self) -> list[bookkeeping.Balance]:
        return bookkeeping.balances(self.postings)


def book(*, first: date, last: date, method: Method = Method.AGREED, with_names: bool = False) -> Book:
    """A handful of queries, whatever the period. Names of patients stand in the texts only where they are wanted.

    What happens later never changes the postings of a day: a cancellation is posted on its own day.
    """
    invoices, cancellations = _invoices(first, last), _cancellations(first, last)
    payments = _with_parts(Payment.objects.between(first, last).order_by("received_on", "pk"))
    start, end = dates.day_bounds(first)[0], dates.day_bounds(last)[1]
    gone = Payment.objects.filter(cancelled_at__gte=start, cancelled_at__lt=end)
    taken_back = _with_parts(gone.order_by("cancelled_at", "pk"))
    released = _released(start, end)
    parts = [part for payment in [*payments, *taken_back] for part in payment.allocations.all()]
    writer = _Writer(method, with_names, _taxes([*parts, *released]))
    found = [
        *writer.of_invoices(invoices),
        *writer.of_cancellations(cancellations),
        *writer.of_payments(payments),
        *writer.of_released(released),
        *writer.of_taken_back(taken_back),
    ]
    postings = sorted(found, key=lambda posting: posting.on)  # stable: within a day in the order above
    return Book(first, last, invoices, cancellations, payments, taken_back, postings)


def _invoices(first: date, last: date) -> list[Invoice]:
    found = Invoice.objects.exclude(state=Invoice.State.DRAFT).filter(issued_on__range=(first, last)).defer(*LONG)
    with_others = found.select_related("patient", "therapist", "cancellation").prefetch_related("lines")
    return list(with_others.order_by("issued_on", "pk"))


def _cancellations(first: date, last: date) -> list[Cancellation]:
    found = Cancellation.objects.filter(cancelled_on__range=(first, last))
    found = found.select_related("invoice__patient", "invoice__therapist").defer(*_long_of_invoice())
    return list(found.prefetch_related("invoice__lines").order_by("cancelled_on", "pk"))


def _with_parts(payments: PaymentQuerySet) -> list[Payment]:
    """With all parts, also those that became credit since: in its month the money stood for an invoice."""
    parts = Allocation.objects.select_related("consultation", "invoice").defer(*_long_of_invoice()).order_by("pk")
    return list(payments.select_related("patient").prefetch_related(Prefetch("allocations", parts)))


def _released(start: datetime, end: datetime) -> list[Allocation]:
    """What became credit between two instants, since its invoice was cancelled."""
    found = Allocation.objects.filter(released_at__gte=start, released_at__lt=end)
    found = found.select_related("payment__patient", "consultation", "invoice").defer(*_long_of_invoice())
    return [part for part in found.order_by("released_at", "pk") if part.became_credit]


def _long_of_invoice() -> list[str]:
    return [f"invoice__{name}" for name in LONG]


def _taxes(parts: Sequence[Allocation]) -> Mapping[Target, list[Taxed]]:
    """The lines of what was paid, where any of them bears VAT: most practices have none."""
    found: dict[Target, list[Taxed]] = defaultdict(list)
    for keys in _chunks(part.invoice_id for part in parts):
        bearing = InvoiceLine.objects.filter(invoice__in=keys, vat_rate__gt=0).values("invoice")
        for line in InvoiceLine.objects.filter(invoice__in=bearing):
            found[line.invoice_id, None].append(Taxed(line.amount, line.vat_rate))
    for keys in _chunks(part.consultation_id for part in parts):
        taxed = ConsultationLine.objects.filter(consultation__in=keys).exclude(vat_code="").values("consultation")
        for visit in ConsultationLine.objects.filter(consultation__in=taxed).select_related("consultation"):
            rate = VatRate.objects.rate_on(visit.vat_code, visit.consultation.treated_on)
            found[None, visit.consultation_id].append(Taxed(visit.amount, rate))
    return found


def _chunks(keys: Iterable[int | None]) -> Iterator[list[int]]:
    every = sorted({key for key in keys if key})
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))


@dataclass(frozen=True)
class _Writer:
    """Turns records into postings by one method, with or without names."""

    method: Method
    with_names: bool
    taxes: Mapping[Target, list[Taxed]]

    def of_invoices(self, invoices: Iterable[Invoice]) -> Iterator[Posting]:
        if self.method is Method.AGREED:
            for invoice in invoices:
                yield from bookkeeping.of_bill(self._bill(invoice))

    def of_cancellations(self, cancellations: Iterable[Cancellation]) -> Iterator[Posting]:
        if self.method is Method.AGREED:
            for done in cancellations:
                facts = {"counter": done.number, "number": done.invoice.number}
                text = self._named(_("%(counter)s cancels invoice %(number)s") % facts, done.invoice.patient)
                booked = bookkeeping.of_bill(self._bill(done.invoice))
                yield from bookkeeping.reversed_of(booked, on=done.cancelled_on, doc=done.number, text=text)

    def of_payments(self, payments: Iterable[Payment]) -> Iterator[Posting]:
        for payment in payments:
            for receipt in self._receipts(payment, payment.allocations.all()):
                yield from bookkeeping.of_receipt(receipt, self.method)

    def of_released(self, parts: Iterable[Allocation]) -> Iterator[Posting]:
        for part in parts:
            on = dates.local(part.released_at).date() if part.released_at else part.payment.received_on
            before, after = self._of_part(part), replace(self._ahead(part.payment, part.amount), on=on)
            text = _("Cancelled: %(payment)s") % {"payment": before.text}
            yield from bookkeeping.of_release(before, after, self.method, text=text)

    def of_taken_back(self, payments: Iterable[Payment]) -> Iterator[Posting]:
        for payment in payments:
            on = dates.local(payment.cancelled_at).date() if payment.cancelled_at else payment.received_on
            for receipt in self._receipts(payment, held_at_last(payment)):
                text = _("Cancelled: %(payment)s") % {"payment": receipt.text}
                booked = bookkeeping.of_receipt(receipt, self.method)
                yield from bookkeeping.reversed_of(booked, on=on, doc=receipt.doc, text=text)

    def _bill(self, invoice: Invoice) -> Bill:
        text = self._named(_("Invoice %(number)s") % {"number": invoice.number}, invoice.patient)
        return Bill(
            on=invoice.issued_on or dates.today(),
            doc=invoice.number or "",
            text=text,
            lines=[Taxed(line.amount, line.vat_rate) for line in invoice.lines.all()],
            total=invoice.total,
            discount=invoice.discount,
        )

    def _receipts(self, payment: Payment, parts: Iterable[Allocation]) -> Iterator[Receipt]:
        """One for each thing it stands for, and one for what was paid ahead."""
        left = payment.amount
        for part in parts:
            left -= part.amount
            yield self._of_part(part)
        if left > 0:
            yield self._ahead(payment, left)

    def _of_part(self, part: Allocation) -> Receipt:
        payment, doc = part.payment, target_of(part)
        text = _("Payment %(number)s, %(means)s") % {"number": doc, "means": payment.get_means_display()}
        return Receipt(
            payment.received_on,
            doc,
            self._named(text, payment.patient),
            payment.means,
            part.amount,
            lines=self.taxes.get((part.invoice_id, part.consultation_id), ()),
            discount=part.invoice.discount if part.invoice else ZERO,
        )

    def _ahead(self, payment: Payment, amount: Decimal) -> Receipt:
        doc = payment.patient.number_label
        text = _("Paid ahead %(number)s, %(means)s") % {"number": doc, "means": payment.get_means_display()}
        return Receipt(payment.received_on, doc, self._named(text, payment.patient), payment.means, amount)

    def _named(self, text: str, patient: Patient) -> str:
        return f"{text}, {patient.name}" if self.with_names else text


def held_at_last(payment: Payment) -> list[Allocation]:
    """What a cancelled payment stood for when it was cancelled: a part may have become credit before."""
    return [part for part in payment.allocations.all() if not part.became_credit]


def target_of(part: Allocation) -> str:
    """The number that stands on the paper: of the invoice, or of the visit that was paid at the desk."""
    return str(part.invoice.number if part.invoice else part.consultation)


def _sum(amounts: Iterable[Decimal]) -> Sum:
    every = list(amounts)
    return Sum(len(every), sum(every, ZERO))
