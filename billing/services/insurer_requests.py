"""The request to the insurer, put together once at issue: after this the XML alone is asked."""

import hashlib
import uuid
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing import xml_reading, xml_writing
from billing.document import InvoiceDocument
from billing.models import InsurerRequest, Invoice
from billing.qr_bill import Party
from billing.request import (
    NO_GLN,
    NO_SSN,
    Balance,
    Biller,
    Contact,
    Diagnosis,
    Insurance,
    InvoiceRequest,
    Law,
    Provider,
    Service,
    Slip,
    Subject,
    Treatment,
    VatLine,
)
from billing.services import photograph
from billing.services.photograph import Photograph
from billing.sheet_words import LETTER
from billing.xml_rules import RequestError
from optamed.core import identifiers
from optamed.core.errors import DomainError
from optamed.core.money import ZERO
from optamed.practice import insurers
from optamed.practice.models import Practice
from patients.models import Patient

NATIONAL = ("de", "fr", "it")
FREE_TEXT = "999"
MOST_REMARK = 350  # bodyType, remark


def build(*, invoice: Invoice, taken: Photograph, guid: str, at: datetime) -> InvoiceRequest:
    """What the insurer is told of an invoice in CHF, with the standard's placeholders where a number is missing."""
    document, visit, patient = taken.document, taken.visits[0], invoice.patient
    days = sorted(line.on for line in document.lines) or [visit.treated_on]
    provider = _provider(visit)
    insurance = _insurance(patient)
    payer = _payer(invoice)
    pays_first = insurance.contact if insurance and visit.reimbursement == visit.Reimbursement.TP else payer
    return InvoiceRequest(
        language=form_language(document.language),
        guid=guid,
        at=at.replace(microsecond=0),
        number=document.number or LETTER[form_language(document.language)]["draft"],
        issued_on=document.issued_on,
        biller=Biller(
            visit.address_text["gln"] or provider.gln,
            replace(_place(visit), company=visit.address_text["name"]),
            provider.rcc,
        ),
        debitor=pays_first,
        provider=provider,
        insurance=insurance,
        patient=_subject(patient),
        guarantor=payer,
        balance=_balance(taken),
        slip=_slip(taken),
        law=Law(visit.law, patient.card_no, patient.insured_no, visit.case_no, visit.accident_on),
        treatment=_treatment(taken.visits, days[0], days[-1]),
        services=_services(invoice, document, provider.gln),
        remark=invoice.remark,
        role=visit.therapist.role,
        role_title=visit.therapist.profession[:35],
        reimbursement=visit.reimbursement,
    )


def freeze(*, invoice: Invoice, request: InvoiceRequest, kind: str = InsurerRequest.Kind.INVOICE) -> InsurerRequest:
    """Store the XML with its SHA-256. DomainError where the standard would not take it."""
    xml = written(request)
    return InsurerRequest.objects.create(
        invoice=invoice, kind=kind, xml=xml.decode(), sha256=hashlib.sha256(xml).hexdigest()
    )


def written(request: InvoiceRequest) -> bytes:
    """The XML. DomainError where the standard would not take it."""
    try:
        return xml_writing.write(request)
    except RequestError as error:
        raise DomainError(_(error.sentence) % error.values if error.values else _(error.sentence)) from error


def frozen(*, invoice: Invoice, kind: str = InsurerRequest.Kind.INVOICE) -> InsurerRequest | None:
    return invoice.requests.filter(kind=kind).first()


def storno_of(request: InsurerRequest, *, number: str, at: datetime) -> InvoiceRequest:
    """The request taken back: its own guid and instant, subtype storno, the counter-document's number as remark."""
    original = xml_reading.read(request.xml.encode())
    remark = f"{number} {original.remark}".strip()[:MOST_REMARK]
    return replace(original, guid=new_guid(), at=at.replace(microsecond=0), subtype="storno", remark=remark)


def new_guid() -> str:
    return uuid.uuid4().hex


def form_language(language: str) -> str:
    """The form exists in the national languages: another one is served in the practice's, or in German."""
    if language in NATIONAL:
        return language
    own = Practice.objects.get().language
    return own if own in NATIONAL else NATIONAL[0]


def _place(visit: Consultation) -> Contact:
    address = visit.address_text
    names = ("street", "house_no", "postcode", "town", "canton", "country", "phone", "email")
    return Contact(**{name: address[name] for name in names})


def _provider(visit: Consultation) -> Provider:
    therapist = visit.therapist
    who = replace(
        _place(visit), family_name=therapist.last_name, given_name=therapist.first_name, title=therapist.title
    )
    return Provider(
        gln=therapist.gln or NO_GLN,
        location_gln=visit.address_text["gln"] or NO_GLN,
        contact=who,
        rcc=photograph.rcc_of(visit),
    )


def _payer(invoice: Invoice) -> Contact:
    return _company(photograph.recipient_of(invoice)) if invoice.recipient else _person(invoice.patient)


def _company(party: Party) -> Contact:
    return Contact(
        company=party.name,
        street=party.street,
        house_no=party.house_no,
        postcode=party.postcode,
        town=party.town,
        country=party.country,
    )


def _person(patient: Patient) -> Contact:
    return Contact(
        family_name=patient.last_name,
        given_name=patient.first_name,
        salutation=patient.title,
        street=patient.street,
        house_no=patient.house_no,
        postcode=patient.postcode,
        town=patient.town,
        canton=patient.canton,
        country=patient.country,
        phone=patient.best_phone,
        email=patient.email,
    )


def _subject(patient: Patient) -> Subject:
    return Subject(_person(patient), patient.sex, patient.sex, patient.birth_on, patient.avs or NO_SSN)


def _insurance(patient: Patient) -> Insurance | None:
    known = insurers.entry_of(patient.insurer)
    if known is None or not known.gln:
        return None
    where = Contact(company=patient.insurer, street=known.street, postcode=known.postcode, town=known.town)
    return Insurance(known.gln, where)


def _balance(taken: Photograph) -> Balance:
    document = taken.document
    number = document.sender.vat_number
    return Balance(
        amount=taken.sums.lines - taken.sums.discount,
        due=document.amount_due,
        prepaid=document.already_paid,
        vat=tuple(VatLine(share.rate, share.gross, share.vat) for share in document.vat),
        vat_number=identifiers.clean_uid(number) if number else "",
    )


def _slip(taken: Photograph) -> Slip:
    """DomainError without an account: the standard wants a payment part."""
    if taken.account is None:
        raise DomainError(_("There is no bank account yet, so the invoice has no QR-bill."))
    document = taken.document
    return Slip(
        iban=taken.account.iban,
        creditor=_company(photograph.creditor_of(taken.account)),
        reference=taken.reference,
        days=(document.due_on - document.issued_on).days,
    )


def _treatment(visits: tuple[Consultation, ...], begins_on: date, ends_on: date) -> Treatment:
    first = visits[0]
    said = [Diagnosis(visit.diagnosis_type, visit.diagnosis_code, visit.diagnosis) for visit in visits]
    return Treatment(
        begins_on=begins_on,
        ends_on=ends_on,
        canton=first.address_text["canton"],
        reason=first.reason,
        diagnoses=tuple(dict.fromkeys(one for one in said if one.code or one.text)),
        approval_no=first.approval_no,
        approval_on=first.approval_on,
    )


def _services(invoice: Invoice, document: InvoiceDocument, provider_gln: str) -> tuple[Service, ...]:
    """The lines in the order of the letter; a discount is one of its own, under tariff 999 and below zero."""
    rows = [
        Service(
            number=number,
            tariff=line.tariff,
            code=line.code or FREE_TEXT,
            name=line.text,
            quantity=line.quantity,
            on=line.on,
            unit_price=line.unit_price,
            amount=line.amount,
            vat_rate=line.vat_rate or ZERO,
            provider_gln=provider_gln,
        )
        for number, line in enumerate(document.lines, start=1)
    ]
    if document.discount:
        rows.append(_discount(invoice, document, len(rows) + 1, provider_gln))
    return tuple(rows)


def _discount(invoice: Invoice, document: InvoiceDocument, number: int, provider_gln: str) -> Service:
    return Service(
        number=number,
        tariff=FREE_TEXT,
        code=FREE_TEXT,
        name=document.discount_text or LETTER[form_language(invoice.language)]["discount"],
        quantity=Decimal(1),
        on=document.lines[-1].on,
        unit_price=-document.discount,
        amount=-document.discount,
        provider_gln=provider_gln,
    )
