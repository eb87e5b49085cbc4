"""An InvoiceRequest as the XML of generalInvoiceRequest 5.0 (Forum Datenaustausch). Pure.

Everything that is written stands in the request; what is empty is left out. The reader gives the same request back.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from billing.request import NO_RECIPIENT, PRIVATE_PERSON, Contact, InvoiceRequest, Service
from billing.xml_rules import RequestError, faults
from billing.xml_schema import QRR
from billing.xml_texts import halves, street_line, tidy

NAMESPACE = "http://www.forum-datenaustausch.ch/invoice"
SCHEMA = "generalInvoiceRequest_500.xsd"
APPROVAL_NO, APPROVAL_ON = "cost_approval_no", "cost_approval_on"  # no element of the standard: instructions

_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

register_namespace("invoice", NAMESPACE)


def write(request: InvoiceRequest) -> bytes:
    """The file: UTF-8 with a declaration, valid after the schema. Raises RequestError with the first fault."""
    if found := faults(request):
        raise RequestError(found[0])
    return _file(tidy(request))


def _file(request: InvoiceRequest) -> bytes:
    root = Element(f"{{{NAMESPACE}}}request")
    _set(root, language=request.language, modus="production", guid=request.guid)
    root.set(_LOCATION, f"{NAMESPACE} {SCHEMA}")
    _processing(root, request)
    payload = _add(root, "payload", request_type="invoice", request_subtype=request.subtype)
    _add(
        payload,
        "invoice",
        request_timestamp=str(request.timestamp),
        request_date=_midnight(request.issued_on),
        request_id=request.number,
    )
    _body(payload, request)
    xml: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml


def _processing(root: Element, request: InvoiceRequest) -> None:
    processing = _add(root, "processing")
    _add(processing, "transport", {"from": request.biller.gln, "to": _recipient(request)})
    approval = {
        APPROVAL_NO: request.treatment.approval_no,
        APPROVAL_ON: _day(request.treatment.approval_on),
    }
    if any(approval.values()):
        instructions = _add(processing, "instructions")
        for token, value in approval.items():
            if value:
                _add(instructions, "instruction", token=token, value=value)


def _recipient(request: InvoiceRequest) -> str:
    """The insurer where the invoice goes to it directly (tiers payant); nobody gets a patient's but the patient."""
    return request.insurance.gln if request.insurance and request.reimbursement == "TP" else NO_RECIPIENT


def _debtor(request: InvoiceRequest) -> str:
    """The insurer's GLN where its address stands there too; all others who pay have none."""
    insurance = request.insurance
    return insurance.gln if insurance and request.debitor == insurance.contact else PRIVATE_PERSON


def _body(payload: Element, request: InvoiceRequest) -> None:
    body = _add(payload, "body", role_title=request.role_title, role=request.role, place=request.place)
    _add(_add(body, "prolog"), "generator", name=request.generator, version=str(request.generator_version))
    if request.remark:
        _add(body, "remark").text = request.remark
    _tiers(body, request)
    _slip(body, request)
    law = request.law
    _add(
        body,
        "law",
        type=law.kind,
        card_id=law.card_no,
        insured_id=law.insured_no,
        case_id=law.case_no,
        case_date=_day(law.case_on),
    )
    _treatment(body, request)
    services = _add(body, "services")
    for row in request.services:
        _service(services, row)


def _tiers(body: Element, request: InvoiceRequest) -> None:
    direct = request.reimbursement == "TP"
    tiers = _add(body, "tiers_payant", allowModification="false") if direct else _add(body, "tiers_garant")
    _biller_to_providers(tiers, request)
    if request.insurance:
        _contact(_add(tiers, "insurance", gln=request.insurance.gln), request.insurance.contact)
    patient = request.patient
    subject = _add(
        tiers,
        "patient",
        gender=patient.gender,
        sex=patient.sex,
        birthdate=_day(patient.born_on),
        ssn=patient.ssn,
    )
    _contact(subject, patient.contact)
    _contact(_add(tiers, "guarantor"), request.guarantor)
    partners = _add(tiers, "partners")
    for one in request.partners:
        _contact(_add(partners, "partner", gln=one.gln, type=one.kind, zsr=one.rcc), one.contact)
    _balance(tiers, request)


def _biller_to_providers(tiers: Element, request: InvoiceRequest) -> None:
    biller, provider = request.biller, request.provider
    billers = _add(tiers, "billers")
    _contact(_add(billers, "biller_gln", gln=biller.gln), biller.contact)
    if biller.rcc:
        _contact(_add(billers, "biller_zsr", zsr=biller.rcc), biller.contact)
    _contact(_add(tiers, "debitor", gln=_debtor(request)), request.debitor)
    providers = _add(tiers, "providers")
    named = _add(providers, "provider_gln", gln=provider.gln, gln_location=provider.location_gln)
    _contact(named, provider.contact)
    if provider.rcc:
        _contact(_add(providers, "provider_zsr", zsr=provider.rcc), provider.contact)


def _balance(tiers: Element, request: InvoiceRequest) -> None:
    balance = request.balance
    sums = _add(
        tiers,
        "balance",
        currency="CHF",
        amount=_amount(balance.amount),
        amount_reminder=_amount(balance.reminder) if balance.reminder else "",
        amount_prepaid=_amount(balance.prepaid) if balance.prepaid else "",
        amount_due=_amount(balance.due),
    )
    total = sum((line.vat for line in balance.vat), Decimal("0.00"))
    vat = _add(sums, "vat", vat_number=balance.vat_number, vat=_amount(total))
    for line in balance.vat:
        _add(vat, "vat_rate", vat_rate=_plain(line.rate), amount=_amount(line.amount), vat=_amount(line.vat))


def _slip(body: Element, request: InvoiceRequest) -> None:
    slip = request.slip
    payment = _add(
        body,
        "esrQR" if QRR.fullmatch(slip.reference) else "esrQRRed",
        iban=slip.iban,
        reference_number=slip.reference,
        payment_reason=slip.reason,
        payment_period=f"P{slip.days}D",
    )
    _contact(_add(payment, "creditor"), slip.creditor)


def _treatment(body: Element, request: InvoiceRequest) -> None:
    given = request.treatment
    treatment = _add(
        body,
        "treatment",
        date_begin=_day(given.begins_on),
        date_end=_day(given.ends_on),
        canton=given.canton,
        reason=given.reason,
    )
    for diagnosis in given.diagnoses:
        _add(treatment, "diagnosis", type=diagnosis.kind, code=diagnosis.code).text = diagnosis.text


def _service(services: Element, row: Service) -> None:
    _add(
        services,
        "service",
        record_id=str(row.number),
        tariff_type=row.tariff,
        code=row.code,
        name=row.name,
        session=str(row.session),
        quantity=_plain(row.quantity),
        date_begin=_midnight(row.on),
        provider_id=row.provider_gln,
        responsible_id=row.provider_gln,
        unit=_amount(row.unit_price),
        unit_factor="1",
        amount=_amount(row.amount),
        vat_rate=_plain(row.vat_rate),
    )


def _contact(parent: Element, contact: Contact) -> None:
    if contact.company:
        who = _add(parent, "company")
        name, rest = halves(contact.company)
        _texts(who, companyname=name, department=rest or contact.department)
        _texts(who, subaddressing=contact.department if rest else "")
    else:
        who = _add(parent, "person", salutation=contact.salutation, title=contact.title)
        _texts(who, familyname=contact.family_name, givenname=contact.given_name, subaddressing=contact.department)
    _postal(who, contact)
    if contact.phone:
        _texts(_add(who, "telecom"), phone=contact.phone)
    if contact.email:
        _texts(_add(who, "online"), email=contact.email)


def _postal(who: Element, contact: Contact) -> None:
    postal = _add(who, "postal")
    if line := street_line(contact):
        _add(postal, "street", street_name=contact.street, house_no=contact.house_no).text = line
    _add(postal, "zip", state_code=contact.canton).text = contact.postcode
    _texts(postal, city=contact.town)
    if contact.country != "CH":
        _add(postal, "country", country_code=contact.country).text = contact.country


def _texts(parent: Element, **texts: str) -> None:
    for tag, text in texts.items():
        if text:
            _add(parent, tag).text = text


def _add(parent: Element, tag: str, given: Mapping[str, str] | None = None, /, **attributes: str) -> Element:
    element = SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    _set(element, **(given or {}), **attributes)
    return element


def _set(element: Element, **attributes: str) -> None:
    for name, value in attributes.items():
        if value:
            element.set(name, value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _amount(amount: Decimal) -> str:
    """At least two places; more where a price has them, as nothing is rounded here."""
    return f"{amount:.2f}" if amount == round(amount, 2) else _plain(amount)


def _plain(figure: Decimal) -> str:
    """Without an exponent, without zeros at the end."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
