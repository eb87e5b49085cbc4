"""Requests of the standard for the tests, with boring defaults: an osteopath of Lausanne, one visit, two positions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

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

GUID = "3c6bc0bd140c4226b9aab71c57178000"
PRACTICE_GLN = "7601000000002"
PLACE_GLN = "7601000000019"
INSURER_GLN = "7601003001082"
SCOR = "RF18539007547034"
QRR = "210000000003139471430009017"
IBAN = "CH9300762011623852957"
QR_IBAN = "CH4431999123000889012"
POSITIONS = (
    ("1200", "Anamnèse / bilan / diagnostic / constatations médicales, par période de 5 min."),
    ("1203", "Ostéopathie, par période de 5 min."),
)

PRACTICE = Contact(
    company="Cabinet Trois-Lacs",
    street="Rue du Lac",
    house_no="12",
    postcode="1003",
    town="Lausanne",
    canton="VD",
    phone="+41 21 555 01 01",
    email="cabinet@optamed.example",
)
THERAPIST = Contact(
    family_name="Modèle",
    given_name="Luc",
    salutation="Monsieur",
    street="Rue du Lac",
    house_no="12",
    postcode="1003",
    town="Lausanne",
    canton="VD",
)
ANNE = Contact(
    family_name="Exemple",
    given_name="Anne",
    salutation="Madame",
    street="Chemin des Vignes",
    house_no="14",
    postcode="1005",
    town="Lausanne",
    canton="VD",
)
INSURER = Insurance(
    INSURER_GLN,
    Contact(company="CSS Assurance", street="Tribschenstrasse", house_no="21", postcode="6002", town="Luzern"),
)
REFERRER = Partner(
    "referrer",
    "7601000000026",
    Contact(family_name="Renvoyant", given_name="Dr. Zoé", postcode="1003", town="Lausanne"),
    rcc="Z987654",
)


def services(count: int = 2, rate: Decimal = Decimal(0)) -> tuple[Service, ...]:
    """``count`` positions, two a visit, a visit a day."""
    return tuple(_service(number, rate) for number in range(1, count + 1))


def _service(number: int, rate: Decimal) -> Service:
    code, name = POSITIONS[(number - 1) % 2]
    quantity = Decimal((3, 9)[(number - 1) % 2])
    return Service(
        number=number,
        tariff="590",
        code=code,
        name=name,
        quantity=quantity,
        on=date.fromordinal(date(2026, 9, 1).toordinal() + (number - 1) // 2),
        unit_price=Decimal("11.00"),
        amount=quantity * 11,
        vat_rate=rate,
        provider_gln=PRACTICE_GLN,
    )


def balance_of(rows: tuple[Service, ...], **changes: Any) -> Balance:
    """What these positions make, without VAT and nothing paid yet."""
    amount = sum((row.amount for row in rows), Decimal("0.00"))
    given: dict[str, Any] = {"amount": amount, "due": amount, "vat": (VatLine(Decimal(0), amount, Decimal("0.00")),)}
    return Balance(**given | changes)


def request(count: int = 2, **changes: Any) -> InvoiceRequest:
    """A request of ``count`` positions; the balance follows the services unless it is given."""
    rows = changes.get("services", services(count))
    given: dict[str, Any] = {
        "language": "fr",
        "guid": GUID,
        "at": datetime(2026, 11, 24, 9, 15, 30, tzinfo=UTC),
        "number": "F-00042",
        "issued_on": date(2026, 11, 24),
        "biller": Biller(PRACTICE_GLN, PRACTICE, "A123456"),
        "debitor": ANNE,
        "provider": Provider(PRACTICE_GLN, PLACE_GLN, THERAPIST, "A123456"),
        "patient": Subject(ANNE, "female", "female", date(1986, 2, 28), "7569217076985"),
        "guarantor": ANNE,
        "balance": balance_of(rows),
        "slip": Slip(IBAN, PRACTICE, SCOR, reason="F-00042"),
        "law": Law(card_no="80756001234567890123", insured_no="123456"),
        "treatment": Treatment(
            min(row.on for row in rows),
            max(row.on for row in rows),
            "VD",
            diagnoses=(Diagnosis("freetext", text="Lombalgies"),),
        ),
        "services": rows,
        "insurance": INSURER,
        "remark": "Merci de votre confiance.",
    }
    return InvoiceRequest(**given | changes)


def changed(record: Any, path: str, value: Any) -> Any:
    """The same with another value at a dotted path: ``changed(request(), "services.0.code", "")``."""
    name, _, rest = path.partition(".")
    if isinstance(record, tuple):
        index = int(name)
        new = changed(record[index], rest, value) if rest else value
        return (*record[:index], new, *record[index + 1 :])
    return replace(record, **{name: changed(getattr(record, name), rest, value) if rest else value})
