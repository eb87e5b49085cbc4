"""Taking the photograph of an invoice: after this nothing of it is looked up again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing import references
from billing.document import InvoiceDocument, Line, Sender, Treated
from billing.models import Allocation, Invoice, InvoiceSettings
from billing.qr_bill import NOTIFICATION, Bill, Party, QrBillError, payload
from billing.services import euros, style
from billing.services.numbers import Number
from billing.totals import Totals, totals
from optamed.core import identifiers, money
from optamed.core.errors import DomainError
from optamed.core.sums import total
from optamed.practice.models import BankAccount, Practice, PracticeAddress, Therapist
from patients.models import Patient


@dataclass(frozen=True)
class Photograph:
    """The document with what the invoice keeps as columns: the books are in CHF, also those of a euro invoice."""

    document: InvoiceDocument
    reference: str
    account: BankAccount | None
    visits: tuple[Consultation, ...]
    sums: Totals
    already_paid: Decimal

    @property
    def total(self) -> Decimal:
        return self.sums.total

    @property
    def open_amount(self) -> Decimal:
        return max(self.sums.total - self.already_paid, money.ZERO)


def take(*, invoice: Invoice, number: Number | None, on: date) -> Photograph:
    """Everything that is printed, as it stands now. DomainError where a bank would refuse the slip.

    ``number`` is None for the preview of a draft, whose slip has no reference yet.
    """
    visits = _visits(invoice)
    account = account_for(therapist=invoice.therapist, address=visits[0].address)
    lines = lines_of(invoice)
    sums = sums_of(invoice, lines)
    paid = paid_at_desk(invoice=invoice)
    reference = _reference(account, invoice=invoice, number=number) if account and number else ""
    document = _document(invoice, visits[0], lines, sums, paid, on=on)
    if number is not None:
        document = replace(document, number=number.label)
    if invoice.currency == "EUR":
        document = euros.converted(document, rate=invoice.euro_rate)
    if account and number:
        document = replace(document, payload=_payload(account, reference, document))
    return Photograph(document, reference, account, visits, sums, paid)


def _document(
    invoice: Invoice,
    visit: Consultation,
    lines: tuple[Line, ...],
    sums: Totals,
    paid: Decimal,
    *,
    on: date,
) -> InvoiceDocument:
    words = style.text_in(invoice.language)
    return InvoiceDocument(
        number="",
        issued_on=on,
        due_on=on + timedelta(days=payment_days(invoice)),
        language=invoice.language,
        currency="CHF",
        sender=sender_of(visit),
        recipient=recipient_of(invoice),
        patient=Treated(invoice.patient.name, invoice.patient.birth_on),
        lines=lines,
        total=sums.total,
        amount_due=max(sums.total - paid, money.ZERO),
        discount=sums.discount,
        discount_text=invoice.discount_text,
        rounding=sums.rounding,
        already_paid=paid,
        vat=sums.vat,
        text_before=words.before,
        text_after=words.after,
        footer=words.footer,
        look=style.look_of(therapist=invoice.therapist),
    )


def sums_of(invoice: Invoice, lines: tuple[Line, ...]) -> Totals:
    """In CHF. DomainError where the discount is more than the services."""
    sums = totals(lines, discount=invoice.discount)
    if sums.lines < 0 or sums.discount < 0 or sums.total < 0:
        raise DomainError(_("The discount is larger than the amount of the invoice."))
    return sums


def payment_days(invoice: Invoice) -> int:
    """The term of this invoice, else the patient's, else the practice's."""
    for days in (invoice.payment_days, invoice.patient.payment_days):
        if days is not None:
            return days
    return Practice.objects.get().payment_days


def account_for(*, therapist: Therapist, address: PracticeAddress | None = None) -> BankAccount | None:
    """The therapist's own account, else the place's, else the practice's default one."""
    return own_account(therapist=therapist, address=address) or usual_account()


def own_account(*, therapist: Therapist, address: PracticeAddress | None) -> BankAccount | None:
    """The therapist's, else the place's; None where the practice's is used."""
    both = (therapist.account, address.account if address else None)
    return next((own for own in both if own is not None and own.archived_at is None), None)


def usual_account() -> BankAccount | None:
    """The practice's default one."""
    return BankAccount.objects.filter(archived_at__isnull=True).order_by("-is_default", "pk").first()


def paid_at_desk(*, invoice: Invoice) -> Decimal:
    """What was paid on the visits themselves before they came onto this invoice, in CHF."""
    standing = Allocation.objects.standing().filter(
        consultation__billed__invoice=invoice, consultation__billed__live=True
    )
    return Decimal(standing.aggregate(paid=total("amount"))["paid"])


def recipient_of(invoice: Invoice) -> Party:
    """Who pays: somebody else where the invoice says so, otherwise the patient."""
    return Party(**invoice.recipient) if invoice.recipient else party_of(invoice.patient)


def party_of(patient: Patient) -> Party:
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
    practice = Practice.objects.get()
    liable = visit.therapist.vat == visit.therapist.Vat.LIABLE
    return Sender(
        party=Party(**{name: address[name] for name in ("name", "street", "house_no", "postcode", "town", "country")}),
        therapist=f"{visit.therapist.title} {visit.therapist}".strip(),
        profession=visit.therapist.profession,
        phone=address["phone"],
        email=address["email"],
        rcc=rcc_of(visit),
        gln=visit.therapist.gln,
        vat_number=identifiers.format_uid(practice.uid) if liable else "",
    )


def rcc_of(visit: Consultation) -> str:
    """Under which number insurers know the therapist at this place; empty where there is none."""
    places = visit.therapist.places.all()  # prefetched where many are asked
    return next((place.rcc for place in places if place.address_id == visit.address_id), "")


def lines_of(invoice: Invoice) -> tuple[Line, ...]:
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


def _visits(invoice: Invoice) -> tuple[Consultation, ...]:
    """The oldest first: it says who, where, under which law. DomainError where there is none."""
    held = invoice.consultations.filter(billed__live=True).select_related("therapist", "address__account")
    visits = tuple(held.prefetch_related("therapist__places").order_by("treated_on", "pk"))
    if not visits:
        raise DomainError(_("This invoice holds no consultation."))
    return visits


def _reference(account: BankAccount, *, invoice: Invoice, number: Number) -> str:
    """QRR on a QR-IBAN; on a normal IBAN the creditor reference with the number inside, or none (IG QR-bill 2.3)."""
    if account.is_qr:
        return _qrr(account, invoice, number.digits)
    return "" if account.slip == BankAccount.Slip.NON else references.scor(number.label)


def _qrr(account: BankAccount, invoice: Invoice, digits: str) -> str:
    """Patient and number; two patterns of numbers may share digits, then the invoice's own key stands for them."""
    patient = f"{invoice.patient.number:06d}"
    reference = references.qrr(patient + digits, account.qrr_prefix)
    if Invoice.objects.filter(reference=reference).exclude(pk=invoice.pk).exists():
        return references.qrr(f"{patient}9{invoice.pk:07d}", account.qrr_prefix)
    return reference


def _payload(account: BankAccount, reference: str, document: InvoiceDocument) -> str:
    """The text of the QR code. The bank and the payer's family read it: number only, never a name or a treatment.

    With nothing to pay there is none, or one that says so where the practice wants a slip on paid invoices too.
    """
    paid = document.amount_due <= 0
    if paid and not InvoiceSettings.current().paid_slip:
        return ""
    recipient = document.recipient
    reachable = bool(recipient.postcode and recipient.town)
    bill = Bill(
        account=account.iban,
        creditor=creditor_of(account),
        amount=document.amount_due,
        currency=document.currency,
        debtor=recipient if reachable else None,
        reference=reference,
        message=NOTIFICATION[document.language] if paid else document.number,
    )
    try:
        return payload(bill)
    except QrBillError as error:
        raise DomainError(_(error.sentence) % error.values if error.values else _(error.sentence)) from error


def creditor_of(account: BankAccount) -> Party:
    return Party(
        name=account.holder,
        street=account.street,
        house_no=account.house_no,
        postcode=account.postcode,
        town=account.town,
        country=account.country,
    )
