"""Taking the photograph of an invoice: after this nothing of it is looked up again."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing import references
from billing.document import InvoiceDocument, Line, Sender, Treated
from billing.models import Allocation, Invoice
from billing.qr_bill import Bill, Party, QrBillError, payload
from billing.totals import totals
from optamed.core import identifiers, money
from optamed.core.errors import DomainError
from optamed.core.sums import total
from optamed.practice.models import BankAccount, Practice, Therapist, TherapistPlace
from patients.models import Patient


@dataclass(frozen=True)
class Photograph:
    """The document with what the invoice keeps as columns."""

    document: InvoiceDocument
    reference: str

    @property
    def total(self) -> Decimal:
        return self.document.total

    @property
    def open_amount(self) -> Decimal:
        return self.document.total - self.document.already_paid


def take(*, invoice: Invoice, number: str, serial: int, on: date) -> Photograph:
    """Everything that is printed, as it stands now. DomainError where a bank would refuse the slip.

    ``number`` is empty and ``serial`` 0 for the preview of a draft, whose slip has no reference yet.
    """
    visit = _first_visit(invoice)
    account = account_for(therapist=invoice.therapist)
    lines = _lines(invoice)
    sums = totals(lines)
    paid = paid_at_desk(invoice=invoice)
    due = max(sums.total - paid, money.ZERO)
    reference = _reference(account, invoice=invoice, serial=serial) if account and due > 0 else ""
    recipient = recipient_of(invoice.patient)
    document = InvoiceDocument(
        number=number,
        issued_on=on,
        due_on=on + timedelta(days=Practice.objects.get().payment_days),
        language=invoice.language,
        currency=invoice.currency,
        sender=sender_of(visit),
        recipient=recipient,
        patient=Treated(invoice.patient.name, invoice.patient.birth_on),
        lines=lines,
        total=sums.total,
        amount_due=due,
        rounding=sums.rounding,
        already_paid=paid,
        vat=sums.vat,
        payload=_payload(account, reference, recipient, due, number) if account and due > 0 and number else "",
    )
    return Photograph(document, reference)


def account_for(*, therapist: Therapist) -> BankAccount | None:
    """The therapist's own account, otherwise the practice's default one."""
    own = therapist.account
    if own is not None and own.archived_at is None:
        return own
    return BankAccount.objects.filter(archived_at__isnull=True).order_by("-is_default", "pk").first()


def paid_at_desk(*, invoice: Invoice) -> Decimal:
    """What was paid on the visits themselves before they came onto this invoice, in CHF."""
    standing = Allocation.objects.filter(
        consultation__billed__invoice=invoice, consultation__billed__live=True, payment__cancelled_at__isnull=True
    )
    return Decimal(standing.aggregate(paid=total("amount"))["paid"])


def recipient_of(patient: Patient) -> Party:
    return Party(
        name=patient.name,
        street=patient.street,
        house_no=patient.house_no,
        postcode=patient.postcode,
        town=patient.town,
        country=patient.country,
    )


def sender_of(visit: Consultation) -> Sender:
    """The practice at the address that was frozen on the visit, and who treated."""
    address = visit.address_text
    place = TherapistPlace.objects.filter(therapist=visit.therapist, address=visit.address).first()
    practice = Practice.objects.get()
    liable = visit.therapist.vat == visit.therapist.Vat.LIABLE
    return Sender(
        party=Party(**{name: address[name] for name in ("name", "street", "house_no", "postcode", "town", "country")}),
        therapist=f"{visit.therapist.title} {visit.therapist}".strip(),
        profession=visit.therapist.profession,
        phone=address["phone"],
        email=address["email"],
        rcc=place.rcc if place else "",
        gln=visit.therapist.gln,
        vat_number=identifiers.format_uid(practice.uid) if liable else "",
    )


def _first_visit(invoice: Invoice) -> Consultation:
    visits = invoice.consultations.filter(billed__live=True).select_related("therapist", "address")
    visit = visits.order_by("treated_on", "pk").first()
    if visit is None:
        raise DomainError(_("This invoice holds no consultation."))
    return visit


def _lines(invoice: Invoice) -> tuple[Line, ...]:
    return tuple(
        Line(
            on=line.treated_on,
            tariff=line.tariff,
            code=line.code,
            text=line.text,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
            vat_rate=line.vat_rate or None,
        )
        for line in invoice.lines.order_by("treated_on", "pk")
    )


def _reference(account: BankAccount, *, invoice: Invoice, serial: int) -> str:
    """QRR on a QR-IBAN; on a normal IBAN the creditor reference with the number inside, or none (IG QR-bill 2.3)."""
    if not serial or (account.slip == BankAccount.Slip.NON and not account.is_qr):
        return ""
    if account.is_qr:
        return references.qrr(f"{invoice.patient.number:06d}{serial:08d}", account.qrr_prefix)
    return references.scor(f"F{serial:05d}")


def _payload(account: BankAccount, reference: str, recipient: Party, due: Decimal, number: str) -> str:
    """The text of the QR code. The bank and the payer's family read it: number only, never a name or a treatment."""
    creditor = Party(
        name=account.holder,
        street=account.street,
        house_no=account.house_no,
        postcode=account.postcode,
        town=account.town,
        country=account.country,
    )
    reachable = bool(recipient.postcode and recipient.town)
    bill = Bill(
        account=account.iban,
        creditor=creditor,
        amount=due,
        debtor=recipient if reachable else None,
        reference=reference,
        message=number,
    )
    try:
        return payload(bill)
    except QrBillError as error:
        raise DomainError(_(error.sentence) % error.values if error.values else _(error.sentence)) from error
