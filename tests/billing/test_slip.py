"""The texts of the slip in their boxes."""

from decimal import Decimal

import pytest
from fontTools.ttLib import TTFont

from billing import slip
from billing.qr_bill import NOTIFICATION, Party, payload
from billing.qr_text import ALLOWED
from billing.sheet_words import LETTER, SLIP
from billing.slip import MM, slip_of, text_width, wrap
from optamed.core.pdf import asset
from tests.billing.samples import bill

LONG = Party("M" * 34 + " " + "W" * 35, "W" * 70, "1268/2/22 Haus B", "W" * 16, "W" * 35)


def test_no_allowed_character_is_wider_in_the_font_than_in_the_table() -> None:
    font = TTFont(asset("fonts/liberation/LiberationSans-Regular.ttf"))
    names, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm

    too_wide = [
        character
        for character in ALLOWED
        if widths[names[ord(character)]][0] * 1000 / em > text_width(character, 1000) + 1
    ]

    assert too_wide == []


def test_a_text_breaks_at_blanks_and_inside_a_word_only_where_it_must() -> None:
    assert wrap("Rue du Lac 1268", 60, 10) == ["Rue du Lac", "1268"]
    assert wrap("iiii" * 10, 40, 10) == ["i" * 18, "i" * 18, "i" * 4]
    assert wrap("", 40, 10) == [""]


def test_a_usual_bill_is_printed_in_full_at_the_advised_sizes() -> None:
    drawn = slip_of(payload(bill(amount=Decimal("1949.75"))), "de")

    assert not drawn.tight
    assert [block.heading for block in drawn.receipt] == ["Konto / Zahlbar an", "Referenz", "Zahlbar durch"]
    assert drawn.receipt[0].lines == (
        "CH93 0076 2011 6238 5295 7",
        "Cabinet Trois-Lacs",
        "Quai du Bas 12",
        "2502 Biel/Bienne",
    )
    assert drawn.payment[2].lines == ("F-01240",)
    assert drawn.amount == "1\u00a0949.75"


def test_a_bill_without_debtor_and_amount_has_blank_boxes() -> None:
    drawn = slip_of(payload(bill(debtor=None, amount=None)), "fr")

    assert drawn.amount == ""
    assert drawn.payment[-1].blank
    assert drawn.receipt[-1].heading == "Payable par (nom/adresse)"


def test_a_foreign_address_shows_its_country() -> None:
    drawn = slip_of(payload(bill(debtor=Party("Jo", "Weg", "1", "80331", "München", "DE"))), "de")

    assert drawn.payment[-1].lines[-1] == "DE-80331 München"


@pytest.mark.parametrize(("creditor", "debtor"), [(LONG, None), (LONG, LONG), (bill().creditor, LONG)])
def test_the_longest_texts_stay_within_their_boxes(creditor: Party, debtor: Party | None) -> None:
    drawn = slip_of(payload(bill(creditor=creditor, debtor=debtor, message="W" * 140)), "de")

    assert drawn.tight
    for blocks, style, width, height in (
        (drawn.receipt, slip.RECEIPT_STYLES[0], slip.RECEIPT_WIDTH, slip.RECEIPT_HEIGHT),
        (drawn.payment, slip.PAYMENT_STYLES[1], slip.PAYMENT_WIDTH, slip.PAYMENT_HEIGHT),
    ):
        assert slip.height_of(blocks, style, width) <= height * MM
        assert all(text_width(line, style.size) <= width * MM for block in blocks for line in block.lines)


def test_the_receipt_drops_the_street_of_the_debtor_first_and_the_payment_part_keeps_it() -> None:
    long = Party("Praxis für Komplementärtherapie", "W" * 70, "12", "8001", "Zürich")

    drawn = slip_of(payload(bill(creditor=long, debtor=long)), "de")

    assert any("WW" in line for line in drawn.receipt[0].lines)
    assert drawn.receipt[-1].lines == ("Praxis für Komplementärtherapie", "8001 Zürich")
    assert any("WW" in line for line in drawn.payment[-1].lines)


def test_the_name_of_an_alternative_procedure_is_parted_from_the_rest() -> None:
    drawn = slip_of(payload(bill(alternative_procedures=("eBill/B/41010560425610173", "TWINT"))), "it")

    assert drawn.procedures == (("eBill", "/B/41010560425610173"), ("TWINT", ""))


def test_a_slip_knows_that_it_is_not_for_payment() -> None:
    informing = bill(amount=Decimal("0.00"), message=NOTIFICATION["it"])

    assert slip_of(payload(informing), "it").notification
    assert not slip_of(payload(bill()), "it").notification
    assert not slip_of(payload(bill(amount=None)), "it").notification


@pytest.mark.parametrize("words", [LETTER, SLIP])
def test_the_four_languages_say_the_same_things(words: dict[str, dict[str, str]]) -> None:
    assert set(words) == {"fr", "de", "it", "en"}
    assert len({frozenset(texts) for texts in words.values()}) == 1
    assert all(text for texts in words.values() for text in texts.values())
