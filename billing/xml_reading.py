"""The XML of generalInvoiceRequest 5.0 read back into an InvoiceRequest: the form is drawn from it. Pure.

What a stranger's file holds beyond our own fields is passed over; a file that is no such request is refused.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from billing.references import gettext_noop
from billing.request import (
    Balance,
    Biller,
    Contact,
    Diagnosis,
    Insurance,
    InvoiceRequest,
    Law,
    Partner,
    Provider,
    Service,
    Slip,
    Subject,
    Treatment,
    VatLine,
)
from billing.xml_rules import Fault, RequestError
from billing.xml_schema import SECONDS
from billing.xml_writing import APPROVAL_NO, APPROVAL_ON, NAMESPACE

_MOST_DIGITS = 30  # of a figure; what has more is no money


class _PrologError(Exception):
    """The file has a document type, or its first element was reached."""


def read(xml: bytes) -> InvoiceRequest:
    """The request in a file. Raises RequestError where it is none of the standard, or carries a document type."""
    try:
        _look_at_prolog(xml)  # so there are no entities
        return _request(fromstring(xml))  # noqa: S314  # nosec B314
    except (ParseError, expat.ExpatError, LookupError, ValueError, ArithmeticError) as error:
        sentence = gettext_noop("This file is no invoice for an insurer (generalInvoiceRequest 5.0).")
        raise RequestError(Fault("xml", sentence)) from error


def _look_at_prolog(xml: bytes) -> None:
    """Refuse a document type: entities could blow up or fetch. It stands before the first element, in any encoding."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("document type")

    def stop(*_: object) -> None:
        raise _PrologError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(xml, True)  # noqa: FBT003 (expat knows no keywords)
    except _PrologError:
        return


def _request(root: Element) -> InvoiceRequest:
    if root.tag != f"{{{NAMESPACE}}}request":
        raise LookupError(root.tag)
    payload = _child(root, "payload")
    invoice, body = _child(payload, "invoice"), _child(payload, "body")
    direct = _maybe(body, "tiers_payant")
    tiers = _child(body, "tiers_garant") if direct is None else direct
    generator = _child(body, "prolog", "generator")
    insurance = _maybe(tiers, "insurance")
    return InvoiceRequest(
        language=_given(root, "language"),
        guid=_given(root, "guid"),
        at=_instant(_given(invoice, "request_timestamp")),
        number=_given(invoice, "request_id"),
        issued_on=_day(_given(invoice, "request_date")),
        biller=_biller(_child(tiers, "billers")),
        debitor=_contact(_child(tiers, "debitor")),
        provider=_provider(_child(tiers, "providers")),
        patient=_patient(_child(tiers, "patient")),
        guarantor=_contact(_child(tiers, "guarantor")),
        balance=_balance(_child(tiers, "balance")),
        slip=_slip(body),
        law=_law(_child(body, "law")),
        treatment=_treatment(_child(body, "treatment"), _instructions(root)),
        services=tuple(_service(row) for row in _all(_child(body, "services"), "service")),
        insurance=None if insurance is None else Insurance(_given(insurance, "gln"), _contact(insurance)),
        partners=tuple(_partner(one) for one in _all(_child(tiers, "partners"), "partner")),
        remark=_text(body, "remark"),
        role=_given(body, "role"),
        role_title=body.get("role_title", ""),
        place=_given(body, "place"),
        reimbursement="TG" if direct is None else "TP",
        subtype=payload.get("request_subtype", "normal"),
        generator=_given(generator, "name"),
        generator_version=int(generator.get("version", "0")),
    )


def _biller(billers: Element) -> Biller:
    named = _child(billers, "biller_gln")
    return Biller(_given(named, "gln"), _contact(named), _rcc(billers, "biller_zsr"))


def _provider(providers: Element) -> Provider:
    named = _child(providers, "provider_gln")
    rcc = _rcc(providers, "provider_zsr")
    return Provider(_given(named, "gln"), _given(named, "gln_location"), _contact(named), rcc)


def _rcc(parent: Element, tag: str) -> str:
    found = _maybe(parent, tag)
    return "" if found is None else _given(found, "zsr")


def _patient(patient: Element) -> Subject:
    return Subject(
        contact=_contact(patient),
        sex=_given(patient, "sex"),
        gender=_given(patient, "gender"),
        born_on=_day(_given(patient, "birthdate")),
        ssn=_given(patient, "ssn"),
    )


def _partner(partner: Element) -> Partner:
    return Partner(_given(partner, "type"), _given(partner, "gln"), _contact(partner), partner.get("zsr", ""))


def _balance(balance: Element) -> Balance:
    vat = _child(balance, "vat")
    return Balance(
        amount=_figure(_given(balance, "amount")),
        due=_figure(_given(balance, "amount_due")),
        prepaid=_figure(balance.get("amount_prepaid", "0.00")),
        reminder=_figure(balance.get("amount_reminder", "0.00")),
        vat=tuple(
            VatLine(*(_figure(_given(line, name)) for name in ("vat_rate", "amount", "vat")))
            for line in _all(vat, "vat_rate")
        ),
        vat_number=vat.get("vat_number", ""),
    )


def _slip(body: Element) -> Slip:
    reduced = _maybe(body, "esrQRRed")
    slip = _child(body, "esrQR") if reduced is None else reduced
    return Slip(
        iban=_given(slip, "iban"),
        creditor=_contact(_child(slip, "creditor")),
        reference=slip.get("reference_number", ""),
        days=int(slip.get("payment_period", "P30D").removeprefix("P").removesuffix("D")),
        reason=slip.get("payment_reason", ""),
    )


def _law(law: Element) -> Law:
    return Law(
        kind=_given(law, "type"),
        card_no=law.get("card_id", ""),
        insured_no=law.get("insured_id", ""),
        case_no=law.get("case_id", ""),
        case_on=_maybe_day(law.get("case_date")),
    )


def _instructions(root: Element) -> dict[str, str]:
    """The tokens under processing/instructions, with their values."""
    found = _maybe(_child(root, "processing"), "instructions")
    rows = [] if found is None else _all(found, "instruction")
    return {_given(row, "token"): _given(row, "value") for row in rows}


def _treatment(treatment: Element, instructions: dict[str, str]) -> Treatment:
    return Treatment(
        begins_on=_day(_given(treatment, "date_begin")),
        ends_on=_day(_given(treatment, "date_end")),
        canton=_given(treatment, "canton"),
        reason=_given(treatment, "reason"),
        diagnoses=tuple(
            Diagnosis(row.get("type", "by_contract"), row.get("code", ""), row.text or "")
            for row in _all(treatment, "diagnosis")
        ),
        approval_no=instructions.get(APPROVAL_NO, ""),
        approval_on=_maybe_day(instructions.get(APPROVAL_ON)),
    )


def _service(row: Element) -> Service:
    return Service(
        number=int(_given(row, "record_id")),
        tariff=_given(row, "tariff_type"),
        code=_given(row, "code"),
        name=_given(row, "name"),
        quantity=_figure(_given(row, "quantity")),
        on=_day(_given(row, "date_begin")),
        unit_price=_figure(_given(row, "unit")),
        amount=_figure(_given(row, "amount")),
        vat_rate=_figure(row.get("vat_rate", "0")),
        session=int(row.get("session", "1")),
        provider_gln=_given(row, "provider_id"),
    )


def _contact(parent: Element) -> Contact:
    company = _maybe(parent, "company")
    who = _child(parent, "person") if company is None else company
    street, postcode = _maybe(who, "postal", "street"), _child(who, "postal", "zip")
    country = _maybe(who, "postal", "country")
    return Contact(
        **(_person(who) if company is None else _company(who)),
        **({} if street is None else _street(street)),
        postcode=postcode.text or "",
        town=_text(who, "postal", "city"),
        canton=postcode.get("state_code", ""),
        country="CH" if country is None else country.get("country_code", "CH"),
        phone=_text(who, "telecom", "phone"),
        email=_text(who, "online", "email"),
    )


def _person(who: Element) -> dict[str, str]:
    return {
        "family_name": _text(who, "familyname"),
        "given_name": _text(who, "givenname"),
        "salutation": who.get("salutation", ""),
        "title": who.get("title", ""),
        "department": _text(who, "subaddressing"),
    }


def _company(who: Element) -> dict[str, str]:
    """A blank at the end of the name says that it goes on in the department."""
    name, department = _text(who, "companyname"), _text(who, "department")
    if name.endswith(" "):
        return {"company": name + department, "department": _text(who, "subaddressing")}
    return {"company": name, "department": department}


def _street(street: Element) -> dict[str, str]:
    if not street.keys():
        return {"street": street.text or ""}
    return {"street": street.get("street_name", ""), "house_no": street.get("house_no", "")}


def _path(tags: tuple[str, ...]) -> str:
    return "/".join(f"{{{NAMESPACE}}}{tag}" for tag in tags)


def _maybe(parent: Element, *tags: str) -> Element | None:
    return parent.find(_path(tags))


def _child(parent: Element, *tags: str) -> Element:
    found = _maybe(parent, *tags)
    if found is None:
        raise LookupError(tags)
    return found


def _all(parent: Element, tag: str) -> list[Element]:
    return parent.findall(_path((tag,)))


def _text(parent: Element, *tags: str) -> str:
    return parent.findtext(_path(tags)) or ""


def _given(element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise LookupError(name)
    return value


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _maybe_day(text: str | None) -> date | None:
    return _day(text) if text else None


def _instant(seconds: str) -> datetime:
    found = int(seconds)
    if found not in SECONDS:
        raise ValueError(seconds)
    return datetime.fromtimestamp(found, UTC)


def _figure(text: str) -> Decimal:
    figure = Decimal(text)
    if not figure.is_finite() or len(f"{figure:e}") > _MOST_DIGITS or abs(figure.adjusted()) > _MOST_DIGITS:
        raise ValueError(text)
    return figure
