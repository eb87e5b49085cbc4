"""The file of a request, against the schema of the standard."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from billing.request import Contact, Diagnosis, InvoiceRequest, Slip, VatLine
from billing.xml_rules import RequestError
from billing.xml_writing import write
from tests.billing.request_schema import complaints
from tests.billing.requests_made import requests
from tests.billing.requests_sample import (
    IBAN,
    INSURER,
    INSURER_GLN,
    PRACTICE,
    PRACTICE_GLN,
    QR_IBAN,
    QRR,
    REFERRER,
    balance_of,
    changed,
    request,
    services,
)

NAMES = {"i": "http://www.forum-datenaustausch.ch/invoice"}
LONG_COMPANY = "Praxisgemeinschaft für Osteopathie und Komplementärtherapie am See AG"
DIAGNOSES = (
    *(Diagnosis(kind, "M54.5", "Lombalgies") for kind in ("by_contract", "ICD", "ICPC", "cantonal", "birthdefect")),
    Diagnosis("freetext", text="Texte libre\nsur deux lignes"),
    Diagnosis("ICD", "M54.5"),
)
FOREIGN = Contact(
    family_name="O'Neill & <Søn>",
    given_name="Zoë",
    street="Calle de la Constitución",
    house_no="1º B",
    postcode="28013",
    town="Madrid",
    country="ES",
)


def _tree(given: InvoiceRequest) -> etree._Element:
    return etree.fromstring(write(given))


def _attributes(given: InvoiceRequest, path: str) -> dict[str, str]:
    found = _tree(given).find(f".//i:{path}", NAMES)
    assert found is not None
    return dict(found.attrib)


def _discounted() -> InvoiceRequest:
    rows = services(2)
    discount = replace(
        rows[0], number=3, tariff="999", code="1", name="Rabais", quantity=Decimal(1),
        unit_price=Decimal("-12.50"), amount=Decimal("-12.50"),
    )  # fmt: skip
    return request(services=(*rows, discount))


def _taxed() -> InvoiceRequest:
    rows = services(2, Decimal("8.1"))
    vat = (
        VatLine(Decimal("8.1"), Decimal("99.00"), Decimal("7.42")),
        VatLine(Decimal("2.6"), Decimal(33), Decimal("0.84")),
    )
    return request(services=rows, balance=balance_of(rows, vat=vat, vat_number="CHE108791452"))


def _longest() -> InvoiceRequest:
    person = Contact(
        family_name="F" * 35, given_name="G" * 35, salutation="S" * 35, title="T" * 35, department="D" * 35,
        street="R" * 35, house_no="1" * 10, postcode="9" * 9, town="O" * 35, canton="VD", phone="0" * 25,
        email=f"{'e' * 70}@{'x' * 9}",
    )  # fmt: skip
    practice = replace(PRACTICE, company=LONG_COMPANY, department="Abteilung")
    given = request(debitor=person, guarantor=person, remark="r" * 350, number="N" * 35, role_title="t" * 35)
    return changed(
        changed(changed(given, "patient.contact", person), "biller.contact", practice), "slip.creditor", practice
    )


def _bare() -> InvoiceRequest:
    """Without anything that may be missing."""
    contact = Contact(family_name="Exemple", given_name="Anne", postcode="1005", town="Lausanne")
    given = request(
        debitor=contact,
        guarantor=contact,
        insurance=None,
        remark="",
        slip=Slip(IBAN, contact),
        law=type(request().law)(),
    )
    for path in ("biller", "provider"):
        given = changed(changed(given, f"{path}.rcc", ""), f"{path}.contact", contact)
    return changed(changed(given, "treatment.diagnoses", ()), "patient.contact", contact)


CASES = {
    **{language: request(language=language) for language in ("fr", "de", "it")},
    **{kind: changed(request(), "law.kind", kind) for kind in ("VVG", "KVG", "UVG", "IVG", "MVG")},
    **{subtype: request(subtype=subtype) for subtype in ("copy", "storno")},
    "accident": changed(changed(request(), "law.case_no", "U-7788"), "law.case_on", date(2026, 8, 3)),
    "direct": request(reimbursement="TP", debitor=INSURER.contact),
    "esrQR": request(slip=Slip(QR_IBAN, PRACTICE, QRR)),
    "no reference": request(slip=Slip(IBAN, PRACTICE)),
    "one line": request(1),
    "99 lines": request(99),
    "vat": _taxed(),
    "discount": _discounted(),
    "free": changed(changed(request(), "services.0.amount", Decimal(0)), "balance.amount", Decimal("99.00")),
    "paid": changed(changed(request(), "balance.prepaid", Decimal("32.00")), "balance.due", Decimal("100.00")),
    "reminded": changed(request(), "balance.reminder", Decimal("10.00")),
    "longest": _longest(),
    "foreign": changed(request(debitor=FOREIGN, guarantor=FOREIGN), "patient.contact", FOREIGN),
    "liechtenstein": changed(changed(request(), "treatment.canton", "LI"), "patient.ssn", "4381234567890"),
    "diagnoses": changed(request(), "treatment.diagnoses", DIAGNOSES),
    "partner": request(partners=(REFERRER, replace(REFERRER, kind="employer", rcc=""))),
    "approval": changed(changed(request(), "treatment.approval_no", "KG-1"), "treatment.approval_on", date(2026, 8, 1)),
    "diverse": changed(request(), "patient.gender", "diverse"),
    "bare": _bare(),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_is_valid_after_the_schema(case: str) -> None:
    assert complaints(write(CASES[case])) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(requests())
def test_whatever_request_is_made_its_file_is_valid(made: InvoiceRequest) -> None:
    assert complaints(write(made)) == []


def test_the_file_names_its_encoding_and_its_schema() -> None:
    xml = write(request())

    assert xml.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert b"<invoice:request xmlns:invoice=" in xml
    assert b'schemaLocation="http://www.forum-datenaustausch.ch/invoice generalInvoiceRequest_500.xsd"' in xml
    assert "Modèle".encode() in xml


def test_the_invoice_carries_number_day_and_instant() -> None:
    made = request(at=datetime(2026, 11, 24, 9, 15, 30, 999999, tzinfo=UTC))

    assert _attributes(made, "payload/i:invoice") == {
        "request_timestamp": "1795511730",
        "request_date": "2026-11-24T00:00:00",
        "request_id": "F-00042",
    }


def test_a_line_has_its_day_amounts_of_two_places_and_no_factor() -> None:
    row = replace(services(1)[0], quantity=Decimal("1.50"), unit_price=Decimal("1E+1"), amount=Decimal(15))

    assert _attributes(request(services=(row,)), "service") == {
        "record_id": "1",
        "tariff_type": "590",
        "code": "1200",
        "name": "Anamnèse / bilan / diagnostic / constatations médicales, par période de 5 min.",
        "session": "1",
        "quantity": "1.5",
        "date_begin": "2026-09-01T00:00:00",
        "provider_id": PRACTICE_GLN,
        "responsible_id": PRACTICE_GLN,
        "unit": "10.00",
        "unit_factor": "1",
        "amount": "15.00",
        "vat_rate": "0",
    }


def test_to_the_patient_nothing_is_sent_and_the_debtor_is_a_private_person() -> None:
    assert _attributes(request(), "transport") == {"from": PRACTICE_GLN, "to": "2006666666008"}
    assert _attributes(request(), "tiers_garant/i:debitor") == {"gln": "2000000000008"}


def test_to_the_insurer_the_insurer_is_recipient_and_debtor() -> None:
    made = CASES["direct"]

    assert _attributes(made, "transport")["to"] == INSURER_GLN
    assert _attributes(made, "tiers_payant/i:debitor") == {"gln": INSURER_GLN}
    assert "amount_prepaid" not in _attributes(made, "balance")


def test_the_gln_of_the_insurer_never_stands_at_the_address_of_another_debtor() -> None:
    assert _attributes(request(reimbursement="TP"), "tiers_payant/i:debitor") == {"gln": "2000000000008"}


@pytest.mark.parametrize(("case", "element"), [("esrQR", "esrQR"), ("no reference", "esrQRRed"), ("fr", "esrQRRed")])
def test_the_slip_follows_the_reference(case: str, element: str) -> None:
    assert _attributes(CASES[case], element)["payment_period"] == "P30D"


def test_the_balance_sums_the_vat() -> None:
    assert _attributes(_taxed(), "balance/i:vat") == {"vat_number": "CHE108791452", "vat": "8.26"}


def test_without_rates_the_whole_amount_bears_none() -> None:
    made = changed(request(), "balance.vat", ())

    assert _attributes(made, "balance/i:vat/i:vat_rate") == {"vat_rate": "0", "amount": "132.00", "vat": "0.00"}


def test_a_long_company_goes_on_in_the_department() -> None:
    company = _tree(_longest()).find(".//i:biller_gln/i:company", NAMES)

    assert company is not None
    found = {re.sub(r"{.*}", "", part.tag): part.text for part in company}
    assert found["companyname"] == "Praxisgemeinschaft für Osteopathie "
    assert found["department"] == "und Komplementärtherapie am See AG"
    assert found["subaddressing"] == "Abteilung"


def test_the_country_stands_only_abroad() -> None:
    assert _tree(request()).findall(".//i:country", NAMES) == []
    assert _attributes(CASES["foreign"], "patient//i:country") == {"country_code": "ES"}


def test_a_street_and_number_too_long_together_keep_the_number_in_its_attribute() -> None:
    made = changed(changed(request(), "patient.contact.street", "R" * 34), "patient.contact.house_no", "12")

    street = _tree(made).find(".//i:patient//i:street", NAMES)

    assert street is not None
    assert (street.text, street.get("house_no")) == ("R" * 34, "12")


def test_a_cost_approval_is_an_instruction() -> None:
    found = _tree(CASES["approval"]).findall(".//i:instruction", NAMES)

    assert [one.attrib for one in found] == [
        {"token": "cost_approval_no", "value": "KG-1"},
        {"token": "cost_approval_on", "value": "2026-08-01"},
    ]


def test_a_request_with_a_fault_is_not_written() -> None:
    with pytest.raises(RequestError, match="13 digits and begins with 756") as raised:
        write(changed(request(), "patient.ssn", "12"))

    assert raised.value.field == "patient.ssn"
    assert raised.value.sentence % raised.value.values == str(raised.value)
