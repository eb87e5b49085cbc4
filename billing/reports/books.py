"""The books of a period: what was issued, cancelled, received and taken back, and the journal that follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
    """A handful of queries, whatever the period. Names of patients stand in the texts only where they are wanted."""
    bills = Invoice.objects.exclude(state=Invoice.State.DRAFT).defer(*LONG).select_related("patient", "therapist")
    with_lines = bills.prefetch_related("lines")
    invoices = list(with_lines.filter(issued_on__range=(first, last)).order_by("issued_on", "pk"))
    cancellations = _cancellations(first, last)
    payments = _parts_of(Payment.objects.between(first, last).order_by("received_on", "pk"))
    bounds = (dates.day_bounds(first)[0], dates.day_bounds(last)[1])
    gone = Payment.objects.filter(cancelled_at__gte=bounds[0], cancelled_at__lt=bounds[1])
    taken_back = _parts_of(gone.order_by("cancelled_at", "pk"))
    writer = _Writer(method, with_names, _taxes([*payments, *taken_back]))
    found = [
        *writer.of_invoices(invoices),
        *writer.of_cancellations(cancellations),
        *writer.of_payments(payments),
        *writer.of_taken_back(taken_back),
    ]
    postings = sorted(found, key=lambda posting: posting.on)  # stable: within a day in the order above
    return Book(first, last, invoices, cancellations, payments, taken_back, postings)


def _cancellations(first: date, last: date) -> list[Cancellation]:
    found = Cancellation.objects.filter(cancelled_on__range=(first, last)).select_related("invoice__patient")
    long = [f"invoice__{name}" for name in LONG]
    return list(found.defer(*long).prefetch_related("invoice__lines").order_by("cancelled_on", "pk"))


def _parts_of(payments: PaymentQuerySet) -> list[Payment]:
    parts = Allocation.objects.select_related("consultation", "invoice").order_by("pk")
    parts = parts.defer("invoice__document", "invoice__qr_payload")
    return list(payments.select_related("patient").prefetch_related(Prefetch("allocations", parts)))


def _taxes(payments: Iterable[Payment]) -> Mapping[Target, list[Taxed]]:
    """The lines of what was paid, where any of them bears VAT: most practices have none, and two queries tell."""
    parts = [part for payment in payments for part in payment.allocations.all()]
    found: dict[Target, list[Taxed]] = defaultdict(list)
    paid = {part.invoice_id for part in parts if part.invoice_id}
    taxed = set(InvoiceLine.objects.filter(vat_rate__gt=0).values_list("invoice_id", flat=True)) & paid
    for line in InvoiceLine.objects.filter(invoice__in=taxed):
        found[line.invoice_id, None].append(Taxed(line.amount, line.vat_rate))
    visited = {part.consultation_id for part in parts if part.consultation_id}
    taxed = set(ConsultationLine.objects.exclude(vat_code="").values_list("consultation_id", flat=True)) & visited
    for visit in ConsultationLine.objects.filter(consultation__in=taxed).select_related("consultation"):
        rate = VatRate.objects.rate_on(visit.vat_code, visit.consultation.treated_on)
        found[None, visit.consultation_id].append(Taxed(visit.amount, rate))
    return found


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
            for receipt in self._receipts(payment):
                yield from bookkeeping.of_receipt(receipt, self.method)

    def of_taken_back(self, payments: Iterable[Payment]) -> Iterator[Posting]:
        for payment in payments:
            on = dates.local(payment.cancelled_at).date() if payment.cancelled_at else payment.received_on
            for receipt in self._receipts(payment):
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

    def _receipts(self, payment: Payment) -> Iterator[Receipt]:
        """One for each thing it stands for, and one for what was paid ahead."""
        left = payment.amount
        for part in payment.allocations.all():
            left -= part.amount
            facts = {"number": target_of(part), "means": payment.get_means_display()}
            text = _("Payment %(number)s, %(means)s") % facts
            lines = self.taxes.get((part.invoice_id, part.consultation_id), ())
            discount = part.invoice.discount if part.invoice else ZERO
            yield self._receipt(payment, text, target_of(part), part.amount, lines=lines, discount=discount)
        if left > 0:
            number = payment.patient.number_label
            facts = {"number": number, "means": payment.get_means_display()}
            yield self._receipt(payment, _("Paid ahead %(number)s, %(means)s") % facts, number, left)

    def _receipt(
        self,
        payment: Payment,
        text: str,
        doc: str,
        amount: Decimal,
        *,
        lines: Sequence[Taxed] = (),
        discount: Decimal = ZERO,
    ) -> Receipt:
        named = self._named(text, payment.patient)
        return Receipt(payment.received_on, doc, named, payment.means, amount, lines=lines, discount=discount)

    def _named(self, text: str, patient: Patient) -> str:
        return f"{text}, {patient.name}" if self.with_names else text


def target_of(part: Allocation) -> str:
    """The number that stands on the paper: of the invoice, or of the visit that was paid at the desk."""
    return str(part.invoice.number if part.invoice else part.consultation)


def _sum(amounts: Iterable[Decimal]) -> Sum:
    every = list(amounts)
    return Sum(len(every), sum(every, ZERO))
