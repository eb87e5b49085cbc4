"""What patients paid in a year, gathered for their statements: what was received, never losses and discounts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch
from django.db.models.functions import ExtractYear

from agenda.consultations.models import Consultation
from billing.document import InvoiceDocument, Look, Sender, Treated
from billing.models import Allocation, BilledConsultation, Invoice, Payment
from billing.qr_bill import Party
from billing.services import photograph, style
from billing.services.sheets.statement import Paid, Statement
from billing.services.sheets.stationery import Pictures
from optamed.core import dates
from optamed.core.money import ZERO
from optamed.core.sums import total
from optamed.practice.models import Practice, PracticeAddress
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Payer:
    """A patient and what was paid in a year, in CHF."""

    patient: Patient
    amount: Decimal


def years(patient: Patient | None = None) -> list[int]:
    """The years in which money came in, the newest first: of a patient, or of the practice."""
    received = Payment.objects.received()
    mine = received.filter(patient=patient) if patient else received
    found = mine.order_by().annotate(year=ExtractYear("received_on")).values_list("year", flat=True).distinct()
    return sorted(found, reverse=True)


def payers(year: int, *, at_least: Decimal = ZERO) -> list[Payer]:
    """Who paid in a year and how much, by name; ``at_least`` in CHF."""
    paid = Payment.objects.received().between(*_span(year)).order_by().values("patient").annotate(sum=total("amount"))
    sums = {row["patient"]: row["sum"] for row in paid if row["sum"] >= at_least}
    patients = Patient.objects.filter(pk__in=list(sums)).order_by("search_text", "pk")
    return [Payer(patient, sums[patient.pk]) for patient in patients]


def letterhead() -> tuple[Look, Pictures]:
    """How the practice's letters look today, with the pictures that it takes."""
    look = style.look_from(style.current(), therapist=None)
    return look, style.pictures_of(shas=[look.logo])


def of_patient(patient: Patient, year: int, *, look: Look) -> Statement:
    """The statement in the patient's language, by the day of payment."""
    held = Allocation.objects.held().select_related("invoice", "consultation__therapist")
    parts = held.prefetch_related("consultation__therapist__places").order_by("pk")
    received = Payment.objects.received().filter(patient=patient).between(*_span(year))
    payments = list(received.order_by("received_on", "pk").prefetch_related(Prefetch("allocations", parts)))
    papers = _papers([part for payment in payments for part in payment.allocations.all()])
    return Statement(
        year=year,
        language=patient.language,
        made_on=dates.today(),
        sender=_practice([paper.sender for paper in papers.values()]),
        recipient=photograph.party_of(patient),
        patient=Treated(patient.name, patient.birth_on),
        paid=tuple(_rows(payments, papers)),
        therapists=_therapists(paper.sender for paper in papers.values()),
        look=look,
    )


@dataclass(frozen=True)
class _Paper:
    """What a part of a payment stands for: the invoice as it was issued, or the visit that was paid at the desk."""

    number: str
    treated: tuple[date, ...]
    invoiced: Decimal
    sender: Sender

    @classmethod
    def of_invoice(cls, invoice: Invoice) -> "_Paper":
        document = InvoiceDocument.from_json(invoice.document)
        treated = tuple(sorted({line.on for line in document.lines}))
        return cls(invoice.number or "", treated, invoice.total, document.sender)

    @classmethod
    def of_visit(cls, visit: Consultation, sender: Sender) -> "_Paper":
        return cls(visit.number_label, (visit.treated_on,), visit.amount, sender)


def _papers(parts: Sequence[Allocation]) -> dict[int, _Paper]:
    """The paper of each part by its key, in their order; money from the desk stands on the invoice of its visit."""
    billed = _invoices_of([part.consultation_id for part in parts if part.consultation_id])
    papers: dict[int, _Paper] = {}
    senders: dict[str, Sender] = {}  # each is looked up once
    for part in parts:
        invoice, visit = part.invoice or billed.get(part.consultation_id or 0), part.consultation
        if invoice:
            papers[part.pk] = _Paper.of_invoice(invoice)
        elif visit:
            who = repr((visit.therapist_id, visit.address_id, visit.address_text))
            senders[who] = senders.get(who) or photograph.sender_of(visit)
            papers[part.pk] = _Paper.of_visit(visit, senders[who])
    return papers


def _invoices_of(visits: Sequence[int]) -> dict[int, Invoice]:
    """The issued invoices that visits are on, by the key of the visit."""
    live = BilledConsultation.objects.filter(consultation__in=visits, live=True).exclude(
        invoice__state=Invoice.State.DRAFT
    )
    return {one.consultation_id: one.invoice for one in live.select_related("invoice")}


def _rows(payments: Iterable[Payment], papers: dict[int, _Paper]) -> Iterator[Paid]:
    for payment in payments:
        left = payment.amount
        for part in payment.allocations.all():
            left -= part.amount
            paper = papers[part.pk]
            yield Paid(payment.received_on, part.amount, paper.number, paper.treated, paper.invoiced)
        if left > 0:
            yield Paid(payment.received_on, left)


def _therapists(senders: Iterable[Sender]) -> tuple[Sender, ...]:
    """Each therapist once for each RCC number, in the order of the payments."""
    return tuple({(one.therapist, one.rcc): one for one in senders}.values())


def _practice(senders: list[Sender]) -> Sender:
    """The head of the letter: the practice as on the newest paper, otherwise its first address."""
    if senders:
        return senders[-1]
    place = PracticeAddress.objects.active().order_by("pk").first()
    if place is None:
        return Sender(Party(Practice.objects.get().name, "", "", "", ""))
    party = Party(place.name, place.street, place.house_no, place.postcode, place.town, place.country)
    return Sender(party, phone=place.phone, email=place.email)


def _span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
