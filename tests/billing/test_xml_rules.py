"""Our own checks and the schema of the standard: neither refuses what the other lets pass."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing import xml_schema, xml_writing
from billing.request import Contact, Diagnosis, InvoiceRequest
from billing.xml_rules import Fault, faults
from billing.xml_texts import tidy
from tests.billing.request_schema import complaints
from tests.billing.requests_sample import INSURER, REFERRER, changed, request

BASE = request(partners=(REFERRER,))
TEXTS = {
    "number": 35, "remark": 350, "role_title": 35, "generator": 50, "slip.reason": 140, "law.card_no": 35,
    "law.insured_no": 35, "law.case_no": 35, "treatment.approval_no": 255, "balance.vat_number": 15,
    "treatment.diagnoses.0.code": 12,
    "treatment.diagnoses.0.text": 350, "services.1.code": 30, "services.1.name": 350,
}  # fmt: skip
CONTACT = {
    "family_name": 35, "given_name": 35, "salutation": 35, "title": 35, "department": 35, "street": 35, "house_no": 10,
    "postcode": 9, "town": 35, "canton": 9, "phone": 25,
}  # fmt: skip
PEOPLE = ("patient.contact", "provider.contact", "debitor", "guarantor", "partners.0.contact")
COMPANIES = ("biller.contact", "slip.creditor", "insurance.contact")
LENGTHS = [
    *TEXTS.items(),
    *((f"{who}.{name}", most) for who in PEOPLE for name, most in CONTACT.items()),
    *((f"{who}.{name}", most) for who in COMPANIES for name, most in list(CONTACT.items())[4:]),
]
REQUIRED = [
    "number", "generator", "services.0.code", "services.0.name",
    *(f"{who}.{name}" for who in PEOPLE for name in ("family_name", "given_name", "postcode", "town")),
    *(f"{who}.{name}" for who in COMPANIES for name in ("company", "postcode", "town")),
]  # fmt: skip
BROKEN: list[tuple[str, Any]] = [
    ("language", "en"), ("subtype", "new"), ("role", "healer"), ("place", "home"), ("patient.sex", ""),
    ("patient.sex", "diverse"), ("patient.gender", "x"), ("law.kind", "LCA"), ("treatment.canton", ""),
    ("treatment.canton", "vd"), ("treatment.reason", "illness"), ("guid", "0" * 31), ("guid", "g" * 32),
    ("biller.gln", ""), ("biller.gln", "760100000000"), ("biller.rcc", "A12345"), ("biller.rcc", "a123456"),
    ("provider.gln", "7601 00000002"), ("provider.location_gln", ""), ("provider.rcc", "1234567"),
    ("insurance.gln", "76010030010820"), ("partners.0.gln", ""), ("partners.0.rcc", "Z 98765"),
    ("partners.0.kind", "friend"), ("patient.ssn", ""), ("patient.ssn", "123"), ("patient.ssn", "7579217076985"),
    ("patient.ssn", "756.9217.0769.85"), ("slip.iban", "DE9300762011623852957"),
    ("slip.iban", "CH93 0076 2011 6238 5295 7"),
    ("slip.iban", "CH930076201162385295a"), ("slip.reference", "1" * 26), ("slip.reference", "1" * 28),
    ("slip.reference", "RF1"), ("slip.reference", f"RF18{'9' * 22}"), ("treatment.diagnoses.0.kind", "ICD10"),
    ("services.0.tariff", "59"), ("services.0.tariff", "abc"), ("services.0.number", 0), ("services.0.number", 10**9),
    ("services.0.session", 0), ("services.0.session", 10**6), ("services.0.vat_rate", Decimal("100.1")),
    ("services.0.vat_rate", Decimal("-0.1")), ("services.0.provider_gln", "1"), ("balance.vat.0.rate", Decimal(101)),
    ("generator_version", -1), ("generator_version", 2**32), ("slip.days", -30), ("debitor.country", "DEU"),
    ("debitor.country", "de"), ("patient.contact.email", "anne"), ("patient.contact.email", "@b"),
    ("patient.contact.email", f"{'a' * 75}@b.com"), ("services", ()), ("remark", "a\ufffeb"),
    ("biller.contact.company", "x" * 36), ("biller.contact.company", f"x {'y' * 36}"),
]  # fmt: skip
BOTH_NAMES = "Cabinet Trois-Lacs is a company and a person at once. Keep one of the two names."
# What a careless check would refuse, and both let pass.
SOUND: list[tuple[str, Any]] = [
    ("patient.ssn", "4381234567890"), ("patient.ssn", "1234"), ("biller.rcc", ""), ("slip.reference", ""),
    ("slip.reference", "1" * 27), ("slip.reference", f"RF18{'9' * 21}"), ("slip.iban", "LI21088100002324013AA"),
    ("patient.contact.email", "a@b"), ("patient.contact.email", ""), ("debitor.country", "LI"),
    ("treatment.canton", "F"),
    ("treatment.diagnoses.0", Diagnosis("by_contract")), ("services.0.vat_rate", Decimal(100)), ("slip.days", 0),
    ("services.0.session", 999_999), ("biller.contact.company", f"{'x' * 34} {'y' * 35}"), ("partners", ()),
    ("insurance", None), ("generator_version", 2**32 - 1), ("remark", "😀" * 350), ("remark", "a\r\nb\x0b\x07c"),
]  # fmt: skip


def _found(given: InvoiceRequest, path: str) -> list[Fault]:
    return [fault for fault in faults(given) if path.startswith(fault.field) or fault.field.startswith(path)]


def _written(given: InvoiceRequest) -> bytes:
    """The file without a check before it."""
    return xml_writing._file(tidy(given))


def _both(path: str, value: Any) -> tuple[bool, bool]:
    """Whether we, and whether the schema, say something against a request with this value."""
    given = changed(BASE, path, value)
    return bool(_found(given, path)), bool(complaints(_written(given)))


@pytest.mark.parametrize(("path", "most"), LENGTHS)
def test_a_text_may_be_as_long_as_the_schema_says(path: str, most: int) -> None:
    assert _both(path, "9" * most) == (False, False)


@pytest.mark.parametrize(("path", "most"), LENGTHS)
def test_a_text_longer_than_the_schema_says_is_refused(path: str, most: int) -> None:
    assert _both(path, "9" * (most + 1)) == (True, True)


@pytest.mark.parametrize("path", REQUIRED)
@pytest.mark.parametrize("nothing", ["", " \n"])
def test_what_the_schema_asks_for_is_missed(path: str, nothing: str) -> None:
    assert _both(path, nothing) == (True, True)


@pytest.mark.parametrize(("path", "value"), BROKEN)
def test_what_the_schema_refuses_we_refuse(path: str, value: Any) -> None:
    assert _both(path, value) == (True, True)


@pytest.mark.parametrize(("path", "value"), SOUND)
def test_what_the_schema_lets_pass_we_let_pass(path: str, value: Any) -> None:
    assert _both(path, value) == (False, False)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("role", xml_schema.ROLES),
        ("treatment.canton", xml_schema.CANTONS),
        ("treatment.reason", xml_schema.REASONS),
        ("treatment.diagnoses.0.kind", xml_schema.DIAGNOSES),
        ("partners.0.kind", xml_schema.PARTNERS),
        ("place", xml_schema.PLACES_OF_WORK),
        ("law.kind", xml_schema.LAWS),
        ("subtype", xml_schema.SUBTYPES),
    ],
)
def test_our_lists_are_the_lists_of_the_schema(path: str, allowed: frozenset[str]) -> None:
    listed = complaints(_written(changed(BASE, path, "none-of-them")))[0]

    assert {word.strip(" '") for word in listed.rpartition("{")[2].partition("}")[0].split(",")} == set(allowed)


@pytest.mark.parametrize("seconds", [1420066799, 2890245601])
def test_an_instant_outside_of_the_schema_is_refused(seconds: int) -> None:
    given = changed(BASE, "at", BASE.at.fromtimestamp(seconds, BASE.at.tzinfo))

    assert [fault.field for fault in faults(given)] == ["at"]
    assert complaints(_written(given))


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity", "1E+9", "0.0000001", "1E-9999", "1E+9999"])
@pytest.mark.parametrize("path", ["services.0.amount", "services.0.quantity", "balance.due", "balance.vat.0.vat"])
def test_a_figure_that_is_no_money_is_refused(path: str, figure: str) -> None:
    assert path in [fault.field for fault in faults(changed(BASE, path, Decimal(figure)))]


def test_a_sound_request_has_no_fault() -> None:
    assert faults(BASE) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("patient.sex", "", "The insurer’s form asks for the patient’s sex."),
        ("patient.contact.given_name", "", "The first name of Exemple is missing."),
        ("patient.contact", Contact(), "A name is missing for the insurer’s form."),
        ("insurance.contact.town", "", "The town of CSS Assurance is missing."),
        ("biller.rcc", "A12", "“A12” is no RCC number: a letter and six digits."),
        ("remark", "a\ud800", "A text holds the character U+D800, which no file can carry. Type it again."),
        ("balance.amount", Decimal("131.95"), "The lines of the invoice do not make its total."),
        ("treatment.ends_on", date(2026, 8, 31), "The treatment ends before it begins."),
        ("biller.contact.family_name", "Modèle", BOTH_NAMES),
        ("law.case_no", "7" * 36, f"“{'7' * 36}” is too long for the insurer’s form: 35 characters at most."),
        (
            "slip.creditor.company",
            "Z" * 36,
            f"“{'Z' * 36}” does not fit in two lines of 35 characters on the insurer’s form.",
        ),
    ],
)  # fmt: skip
def test_a_fault_names_the_field_and_says_a_sentence(path: str, value: Any, sentence: str) -> None:
    found = faults(changed(BASE, path, value))

    assert [str(fault) for fault in found] == [sentence]
    assert found[0].field.startswith(path.removesuffix(".family_name"))


def test_to_the_insurer_there_must_be_one() -> None:
    assert [fault.field for fault in faults(request(reimbursement="TP", insurance=None))] == ["insurance"]


def test_to_the_insurer_no_payment_can_be_carried() -> None:
    given = changed(request(reimbursement="TP", debitor=INSURER.contact), "balance.prepaid", Decimal("10.00"))

    assert [fault.field for fault in faults(given)] == ["balance.prepaid"]


def test_every_fault_is_found_and_not_the_first_alone() -> None:
    given = changed(changed(BASE, "patient.ssn", ""), "services.1.code", "")

    assert {fault.field for fault in faults(given)} == {"patient.ssn", "services.1.code"}
