"""What stands in a QR-bill, field by field, and what a bank would refuse."""

from decimal import Decimal
from typing import Any

import pytest

from billing.qr_bill import NOTIFICATION, Bill, Party, QrBillError, is_notification, payload, read
from billing.qr_drawing import path_of
from tests.billing.samples import bill

QRR = "210000000003139471430009017"
QR_IBAN = "CH44 3199 9123 0008 8901 2"
IBAN = "CH5800791123000889012"


@pytest.mark.parametrize(
    ("information", "procedures", "lines"),
    [("", (), 31), ("//S1/10/1", (), 32), ("", ("A;1",), 33), ("", ("A;1", "B;2"), 34)],
)
def test_lines_stand_only_where_they_are_used(information: str, procedures: tuple[str, ...], lines: int) -> None:
    text = payload(bill(billing_information=information, alternative_procedures=procedures))

    assert len(text.split("\r\n")) == lines


@pytest.mark.parametrize(
    "account", [QR_IBAN, "CH6431961000004421557", "CH7730000001250094239", "CH9130000GS1895344367"]
)
def test_a_qr_iban_goes_with_a_qr_reference(account: str) -> None:
    assert QRR in payload(bill(account=account, reference=QRR))


@pytest.mark.parametrize("reference", ["", "  ", "RF18539007547034"])
def test_a_qr_iban_with_anything_else_is_refused(reference: str) -> None:
    _refused("reference", account=QR_IBAN, reference=reference)


@pytest.mark.parametrize("reference", ["", "RF18539007547034"])
@pytest.mark.parametrize(
    "account",
    [
        IBAN,
        "CH3709000000304442225",
        "LI5608800000020940808",
        "LI21088100002324013AA",
        "CH2329999000000000001",
        "CH2632000000000000001",
    ],
)
def test_another_iban_goes_with_a_creditor_reference_or_none(account: str, reference: str) -> None:
    assert read(payload(bill(account=account, reference=reference))).reference == reference


@pytest.mark.parametrize("account", [IBAN, "CH2329999000000000001", "CH2632000000000000001"])
def test_another_iban_with_a_qr_reference_is_refused(account: str) -> None:
    _refused("reference", account=account, reference=QRR)


@pytest.mark.parametrize("account", ["CH3130000000000000001", "CH1831999000000000001"])
def test_the_borders_of_the_qr_ibans(account: str) -> None:
    assert QRR in payload(bill(account=account, reference=QRR))
    _refused("reference", account=account, reference="")


@pytest.mark.parametrize(
    "account",
    [
        "DE68 2012 0700 3100 7555 55",
        "HR17 2360 0001 1012 3456 5",
        "FR76 3000 6000 0112 3456 7890 189",
        "CH0031999123000889012",
        "CH503199912300088333339012",
        "CH58 0079 1123 0008 8901",
        "CH58 0079 1123 0008 8901 27",
        "CH58 0079 1123 0008 8902 2",
        "",
    ],
)
def test_a_foreign_or_wrong_iban_is_refused(account: str) -> None:
    _refused("account", account=account, reference="")


@pytest.mark.parametrize(
    "reference",
    ["012345678901234567890123456", "2100000003139471430009017", "0210000000003139471430009017", "RF20.0000.3"],
)
def test_a_wrong_reference_is_refused(reference: str) -> None:
    _refused("reference", account=IBAN if reference.startswith("RF") else QR_IBAN, reference=reference)


MOST = [("name", 70), ("street", 70), ("house_no", 16), ("postcode", 16), ("town", 35)]


@pytest.mark.parametrize("role", ["creditor", "debtor"])
@pytest.mark.parametrize(("field", "most"), MOST)
def test_a_field_holds_its_most_and_not_one_more(role: str, field: str, most: int) -> None:
    assert "x" * most in payload(bill(**{role: _party(**{field: "x" * most})})).split("\r\n")
    _refused(f"{role}.{field}", **{role: _party(**{field: "x" * (most + 1)})})


@pytest.mark.parametrize("role", ["creditor", "debtor"])
@pytest.mark.parametrize("field", ["name", "postcode", "town", "country"])
def test_a_field_that_must_stand_is_asked_for(role: str, field: str) -> None:
    _refused(f"{role}.{field}", **{role: _party(**{field: "  "})})


def test_street_and_house_number_may_be_missing() -> None:
    assert "|S|Marc Tavernay|||2502|" in payload(bill(debtor=_party(street="", house_no=""))).replace("\r\n", "|")


@pytest.mark.parametrize(
    ("field", "value"), [("country", "XX"), ("country", "ch"), ("country", "CHE"), ("postcode", "CH-8000")]
)
def test_country_and_postcode_have_their_form(field: str, value: str) -> None:
    _refused(f"creditor.{field}", creditor=_party(**{field: value}))


@pytest.mark.parametrize("field", ["name", "street", "house_no", "postcode", "town"])
def test_a_line_break_in_an_address_is_a_blank(field: str) -> None:
    text = payload(bill(debtor=_party(**{field: "a\r\nb"})))

    assert "a b" in text.split("\r\n")
    assert len(text.split("\r\n")) == 31


def test_a_line_break_elsewhere_is_a_blank_too() -> None:
    text = payload(bill(message="a\nb", billing_information="//S1/10/\n1", alternative_procedures=("c\nd",)))

    assert text.split("\r\n")[29:] == ["a b", "EPD", "//S1/10/ 1", "c d"]


@pytest.mark.parametrize("value", ["a\tb", "a\u0001b", "😀", "Иван"])
def test_characters_outside_the_set_are_refused_in_every_field(value: str) -> None:
    _refused("debtor.name", debtor=_party(name=value))
    _refused("creditor.house_no", creditor=_party(house_no=value))
    _refused("message", message=value)
    _refused("billing_information", billing_information=f"//S1/{value}")
    _refused("alternative_procedures", alternative_procedures=(value,))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("999999999.99"), "999999999.99"),
        (Decimal("0.01"), "0.01"),
        (Decimal(12), "12.00"),
        (Decimal("12.5"), "12.50"),
        ("1949.75", "1949.75"),
        (None, ""),
        ("", ""),
        ("  ", ""),
    ],
)
def test_an_amount_is_written_with_two_places_or_left_to_the_payer(amount: Decimal | str | None, written: str) -> None:
    assert payload(bill(amount=amount)).split("\r\n")[18] == written


@pytest.mark.parametrize(
    "amount",
    [
        "12.345",
        Decimal("12.345"),
        Decimal("-5.00"),
        "-5.00",
        "1e3",
        "1000000000.00",
        "1 000.50",
        "12,50",
        "1’000.00",
        "١٢.٠٠",
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+2"),
        12.5,
        0,
        True,
        Decimal("0.00"),
    ],
)
def test_another_amount_is_refused(amount: Any) -> None:
    _refused("amount", amount=amount)


@pytest.mark.parametrize("message", NOTIFICATION.values())
def test_nothing_to_pay_goes_with_the_words_that_say_so(message: str) -> None:
    assert is_notification(read(payload(bill(amount=Decimal(0), message=message))))


@pytest.mark.parametrize("currency", ["USD", "chf", ""])
def test_another_currency_is_refused(currency: str) -> None:
    _refused("currency", currency=currency)


def test_message_and_billing_information_share_140_characters() -> None:
    assert payload(bill(message="x" * 100, billing_information="//" + "y" * 38))
    _refused("message", message="x" * 100, billing_information="//" + "y" * 39)
    _refused("message", message="x" * 141)
    _refused("billing_information", billing_information="//" + "y" * 139)


@pytest.mark.parametrize("information", ["S1/10/1", "//A", "/"])
def test_billing_information_of_no_known_form_is_refused(information: str) -> None:
    _refused("billing_information", billing_information=information)


def test_two_alternative_procedures_of_100_characters_are_the_most() -> None:
    assert payload(bill(alternative_procedures=("x" * 100, "y" * 100)))
    _refused("alternative_procedures", alternative_procedures=("a", "b", "c"))
    _refused("alternative_procedures", alternative_procedures=("x" * 101,))


def test_all_fields_at_their_most_fit_in_plain_letters() -> None:
    assert path_of(payload(_full("x"))).modules == 113  # version 24 of the 25 allowed


def test_all_fields_at_their_most_with_accents_are_too_much_for_a_code() -> None:
    with pytest.raises(QrBillError, match="too much"):
        payload(_full("é"))


def _refused(field: str, **changes: Any) -> None:
    with pytest.raises(QrBillError) as refused:
        payload(bill(**changes))
    assert refused.value.field == field


def _party(**changes: str) -> Party:
    given = {
        "name": "Marc Tavernay",
        "street": "Chemin des Vignes",
        "house_no": "14",
        "postcode": "2502",
        "town": "Biel",
    }
    return Party(**given | changes)


def _full(letter: str) -> Bill:
    party = Party(letter * 70, letter * 70, letter * 16, letter * 16, letter * 35)
    return bill(
        account=QR_IBAN,
        creditor=party,
        amount=Decimal("999999999.99"),
        debtor=party,
        reference=QRR,
        message=letter * 80,
        billing_information="//" + letter * 58,
        alternative_procedures=(letter * 100, letter * 100),
    )
