"""The counter-document: what it cancels, in four languages, to nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.document import Look
from billing.services.sheets import storno
from billing.totals import VatShare
from tests.billing.samples import codes, document, drawing, images, pages, texts

D = Decimal
TITLES = {
    "fr": "Annulation S-00003 de la facture F-01240 du 13.10.2026",
    "de": "Storno S-00003 der Rechnung F-01240 vom 13.10.2026",
    "it": "Storno S-00003 della fattura F-01240 del 13.10.2026",
    "en": "Cancellation S-00003 of invoice F-01240 dated 13.10.2026",
}
SAYS = {
    "fr": ["Motif\u00a0: Autre payeur", "Total annulé -132.00", "Cette facture est annulée."],
    "de": ["Grund: Autre payeur", "Total storniert -132.00", "Diese Rechnung ist storniert."],
    "it": ["Motivo: Autre payeur", "Totale annullato -132.00", "Questa fattura è annullata."],
    "en": ["Reason: Autre payeur", "Total cancelled -132.00", "This invoice is cancelled."],
}


def drawn(count: int = 2, *, reason: str = "Autre payeur", pictures: Any = None, **changes: Any) -> bytes:
    given = {"pictures": pictures} if pictures is not None else {}
    return storno.render(document(count, **changes), number="S-00003", on=date(2026, 11, 24), reason=reason, **given)


def flat(pdf: bytes) -> str:
    return " ".join(" ".join(texts(pdf)).replace("\n", " ").split(" "))


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_it_names_what_it_cancels_and_why_in_the_letters_language(language: str) -> None:
    text = flat(drawn(language=language))

    for part in [TITLES[language], "24.11.2026", "Marc Tavernay", *SAYS[language]]:
        assert part in text


def test_each_line_is_taken_back_with_a_minus_sign() -> None:
    text = flat(drawn())

    assert "-2 12.00 -24.00" in text
    assert "-9 12.00 -108.00" in text


def test_discount_rounding_and_vat_are_turned_round() -> None:
    text = flat(
        drawn(
            language="de",
            discount=D("10.00"),
            rounding=D("0.02"),
            total=D("122.02"),
            vat=(VatShare(D("8.1"), D("122.00"), D("9.14")),),
        )
    )

    for part in ["Zwischentotal -132.00", "Rabatt 10.00", "Rundung -0.02", "Total storniert -122.02", "-122.00 -9.14"]:
        assert part in text


def test_invoice_and_counter_document_come_to_nothing() -> None:
    photograph = document(9, discount=D("10.00"), vat=(VatShare(D("8.1"), D("122.00"), D("9.14")),))
    counter = storno.counterpart(photograph)

    assert photograph.total + counter.total == 0
    assert sum(line.amount for line in (*photograph.lines, *counter.lines)) == 0
    assert sum(share.vat for share in (*photograph.vat, *counter.vat)) == 0
    assert all(line.quantity * line.unit_price == line.amount for line in counter.lines)


def test_it_has_no_slip() -> None:
    pdf = drawn(99)

    assert len(texts(pdf)) > 1
    assert [codes(page) for page in pages(pdf)] == [[]] * len(texts(pdf))
    assert "Récépissé" not in flat(pdf)
    assert all("Annulation S-00003 · " in page for page in texts(pdf)[1:])


def test_a_lost_logo_does_not_stop_a_cancellation() -> None:
    look = Look(logo="lost", signature="lost", window="left")

    assert images(drawn(look=look)) == []
    assert len(images(drawn(look=look, pictures={"lost": drawing(300, 100)}))) == 1


def test_euros_are_taken_back_as_euros() -> None:
    assert "EUR -132.00" in flat(drawn(currency="EUR", euro_rate=D("0.945"))).replace("\u00a0", " ")


def test_a_hostile_reason_is_printed_as_it_was_typed() -> None:
    assert "<script>alert(1)</script>" in flat(drawn(reason="<script>alert(1)</script>"))
