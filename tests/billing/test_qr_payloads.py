"""Whole payloads: vectors of open libraries byte for byte, and payloads read back."""

from decimal import Decimal

import pytest

from billing.qr_bill import Bill, Party, QrBillError, is_notification, payload, read
from tests.billing.samples import PAYER, bill

SCHNEIDER = Party("Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel")
PIA = Party("Pia Rutschmann", "Marktgasse", "28", "9400", " Rorschach")
PIA_MARIA = Party("Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach")
QR_IBAN = "CH44 3199 9123 0008 8901 2"
IBAN = "CH5800791123000889012"
WASTE = "Bill no. 3139 for gardening work and disposal of waste material"
S1 = "//S1/01/20170309/11/10201409/20/14000000/22/36958/30/CH106017086/40/1020/41/3010"

VECTORS = [
    (
        Bill(IBAN, SCHNEIDER, Decimal("3949.75"), debtor=PIA, message=WASTE),
        "SPC|0200|1|CH5800791123000889012|S|Robert Schneider AG|Rue du Lac|1268|2501|Biel|CH||||||||3949.75|CHF"
        "|S|Pia Rutschmann|Marktgasse|28|9400|Rorschach|CH|NON||" + WASTE + "|EPD",
    ),
    (
        Bill(
            QR_IBAN,
            SCHNEIDER,
            Decimal("1949.75"),
            debtor=PIA_MARIA,
            reference="21 00000 00003 13947 14300 09017",
            message="Order dated 18.06.2020",
            billing_information=S1,
            alternative_procedures=("UV;UltraPay005;12345", "XY;XYService;54321"),
        ),
        "SPC|0200|1|CH4431999123000889012|S|Robert Schneider AG|Rue du Lac|1268|2501|Biel|CH||||||||1949.75|CHF"
        "|S|Pia-Maria Rutschmann-Schnyder|Grosse Marktgasse|28|9400|Rorschach|CH|QRR|210000000003139471430009017"
        "|Order dated 18.06.2020|EPD|" + S1 + "|UV;UltraPay005;12345|XY;XYService;54321",
    ),
    (
        Bill(
            "CH3709000000304442225",
            Party("Salvation Army Foundation Switzerland", postcode="3000", town="Bern"),
            message="Donnation to the Winterfest campaign",
        ),
        (
            "SPC|0200|1|CH3709000000304442225|S|Salvation Army Foundation Switzerland|||3000|Bern|CH|||||||||CHF"
            "||||||||NON||Donnation to the Winterfest campaign|EPD"
        ),
    ),
    (
        Bill(
            "CH1489144587868193147",
            Party("Buğra Çavdarli", "Rue du Lièvre", "13", "1219", "Aïre"),
            Decimal("179.00"),
            debtor=Party("L'Œil de Bœuf", "Route d'Outre Vièze", "44", "1871", "Choëx"),
            reference="RF35RF23452352345",
            message="Facture 48390, €10 de réduction",
        ),
        (
            "SPC|0200|1|CH1489144587868193147|S|Buğra Çavdarli|Rue du Lièvre|13|1219|Aïre|CH||||||||179.00|CHF"
            "|S|L'Œil de Bœuf|Route d'Outre Vièze|44|1871|Choëx|CH|SCOR|RF35RF23452352345"
            "|Facture 48390, €10 de réduction|EPD"
        ),
    ),
    (
        Bill(
            QR_IBAN,
            Party("Thomas LeClaire", "Rue examplaire", "22a", "1000", "Lausanne"),
            Decimal(0),
            "EUR",
            reference="123456789012345678901234567",
            message="DO NOT USE FOR PAYMENT",
        ),
        (
            "SPC|0200|1|CH4431999123000889012|S|Thomas LeClaire|Rue examplaire|22a|1000|Lausanne|CH||||||||0.00|EUR"
            "||||||||QRR|123456789012345678901234567|DO NOT USE FOR PAYMENT|EPD"
        ),
    ),
    (
        Bill(
            QR_IBAN,
            Party("Thomas LeClaire", "Rue examplaire", "22a", "1000", "Lausanne"),
            "25.90",
            "EUR",
            debtor=Party("Jôachim Kräutłą", "€wigérmeisterstrasse 20", "20", "80331", "München", "DE"),
            reference="123456789012345678901234567",
        ),
        (
            "SPC|0200|1|CH4431999123000889012|S|Thomas LeClaire|Rue examplaire|22a|1000|Lausanne|CH||||||||25.90|EUR"
            "|S|Jôachim Kräutłą|€wigérmeisterstrasse 20|20|80331|München|DE|QRR|123456789012345678901234567||EPD"
        ),
    ),
]


@pytest.mark.parametrize(("given", "expected"), VECTORS, ids=["NON", "QRR", "blank", "SCOR", "notification", "abroad"])
def test_a_payload_is_the_vector_byte_for_byte(given: Bill, expected: str) -> None:
    assert payload(given).encode() == expected.replace("|", "\r\n").encode()


@pytest.mark.parametrize(("given", "expected"), VECTORS, ids=["NON", "QRR", "blank", "SCOR", "notification", "abroad"])
def test_a_payload_is_read_back_to_the_same_bill(given: Bill, expected: str) -> None:
    text = payload(given)

    assert payload(read(text)) == text
    assert is_notification(read(text)) == ("|0.00|" in expected)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize("separator", ["\n", "\r\n"])
def test_a_payload_is_read_with_either_line_break_and_one_at_the_end(separator: str, ending: str) -> None:
    text = payload(bill()).replace("\r\n", separator) + ending

    assert read(text).debtor == PAYER


@pytest.mark.parametrize("spoil", ["{}\r\n\r\n", "{}\r\nmore", "{}\r\n\r\n\r\n\r\n\r\n", "x{}", ""])
def test_what_is_no_payload_is_refused(spoil: str) -> None:
    with pytest.raises(QrBillError):
        read(spoil.format(payload(bill())))


def test_fewer_lines_are_no_payload() -> None:
    with pytest.raises(QrBillError):
        read(payload(bill()).rpartition("\r\n")[0])


def test_an_address_of_the_old_kind_is_refused() -> None:
    with pytest.raises(QrBillError, match="old kind"):
        read(payload(bill()).replace("\r\nS\r\n", "\r\nK\r\n"))
