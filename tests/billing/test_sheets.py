"""The printed invoice: its QR code read from the page, its slip measured, its words in four languages."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdf
import pytest

from billing import qr_bill
from billing.document import InvoiceDocument, Line, Treated
from billing.qr_bill import Party
from billing.services.sheets import letter
from billing.sheet_words import LETTER, SLIP
from billing.totals import VatShare
from tests.billing.samples import PRACTICE, bill, code_box, codes, document, pages, texts

D = Decimal
QRR = {"account": "CH4431999123000889012", "reference": "210000000003139471430009017"}


@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 600])
def test_the_code_on_paper_is_the_payload_line_by_line(dpi: int) -> None:
    photograph = document()

    found = codes(pages(letter.render_invoice(photograph), dpi)[-1])

    assert [text.splitlines() for text in found] == [photograph.payload.splitlines()]


@pytest.mark.parametrize("message", ["F-01240", "x" * 140])
def test_the_code_measures_46_mm_and_stands_in_its_place(message: str) -> None:
    photograph = document(payload=qr_bill.payload(bill(message=message)))

    left, top, width, height = code_box(letter.render_invoice(photograph))

    assert (width, height) == (pytest.approx(46.0, abs=0.2), pytest.approx(46.0, abs=0.2))
    assert (left, top) == (pytest.approx(67.0, abs=0.3), pytest.approx(192 + 17.0, abs=0.3))


@pytest.mark.parametrize("footer", ["", "Cabinet Trois-Lacs · Quai du Bas 12 · 2502 Biel/Bienne · CHE-123.456.789"])
@pytest.mark.parametrize("count", [1, 7, 10, 11, 19, 20, 40, 99])
def test_the_slip_is_whole_on_the_last_page_and_the_amount_stands_below_a_service(count: int, footer: str) -> None:
    photograph = document(count, footer=footer)

    pdf = letter.render_invoice(photograph)

    words, last = texts(pdf), texts(pdf)[-1]
    assert all(label in last for label in _slip_labels("fr"))
    assert [len(codes(page)) for page in pages(pdf)] == [0] * (len(words) - 1) + [1]
    assert sum(page.count("13.10.2026\n1200") + page.count("13.10.2026 1200") for page in words) == (count + 1) // 2
    assert ["Prestation" in page for page in words if "À payer" in page] == [True]


def test_a_usual_invoice_takes_one_page() -> None:
    assert [len(texts(letter.render_invoice(document(count)))) for count in (1, 4)] == [1, 1]


def test_later_pages_say_to_which_invoice_they_belong() -> None:
    first, *later = texts(letter.render_invoice(document(40)))

    assert "F-01240 · 1/" not in first
    assert later
    assert all(f"Facture F-01240 · {page}/{len(later) + 1}" in text for page, text in enumerate(later, start=2))


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_the_letter_and_its_slip_speak_the_patients_language(language: str) -> None:
    text = texts(letter.render_invoice(document(language=language)))[0]

    words = LETTER[language]
    for label in [words["invoice"], words["service"], words["quantity"], words["due"], *_slip_labels(language)]:
        assert label in text
    assert "12.03.1980" in text


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_the_longest_fields_still_decode(language: str) -> None:
    full = Party("W" * 70, "M" * 70, "W" * 16, "M" * 16, "W" * 35)
    payload = qr_bill.payload(
        bill(
            **QRR,
            creditor=full,
            debtor=full,
            amount=D("999999999.99"),
            message="W" * 80,
            billing_information="//" + "W" * 58,
            alternative_procedures=("eBill/" + "W" * 94, "TWINT;" + "M" * 94),
        )
    )
    photograph = document(language=language, payload=payload, recipient=full)

    pdf = letter.render_invoice(photograph)

    assert codes(pages(pdf, 300)[-1]) == [payload]
    assert code_box(pdf)[2:] == (pytest.approx(46.0, abs=0.2), pytest.approx(46.0, abs=0.2))


def test_the_slip_keeps_the_white_around_the_code() -> None:
    full = Party("W" * 70, "M" * 70, "W" * 16, "M" * 16, "W" * 35)
    pdf = letter.render_invoice(document(payload=qr_bill.payload(bill(creditor=full, debtor=full, message="W" * 140))))

    sheet = pages(pdf, 300)[0]
    scale = 300 / 25.4
    frame = [
        (62.3, 204.2, 66.8, 259.8),
        (113.2, 204.2, 117.8, 259.8),
        (62.3, 204.2, 117.8, 208.8),
        (62.3, 255.2, 117.8, 259.8),
    ]

    assert [sheet.crop(tuple(round(edge * scale) for edge in part)).getextrema()[0] for part in frame] == [255] * 4


def test_what_is_paid_needs_no_slip_and_says_thank_you() -> None:
    photograph = document(already_paid=D("132.00"), amount_due=D("0.00"), payload=qr_bill.payload(bill()))

    pdf = letter.render_invoice(photograph)

    assert codes(pages(pdf)[0]) == []
    assert "Payé, merci." in texts(pdf)[0]
    assert "payable jusqu" not in texts(pdf)[0]
    assert "Récépissé" not in texts(pdf)[0]


def test_what_is_paid_in_part_shows_the_rest() -> None:
    text = texts(letter.render_invoice(document(already_paid=D("50.00"), amount_due=D("82.00"))))[0]

    assert "Déjà payé" in text
    assert "-50.00" in text
    assert "Montant\n82.00" in text


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_what_is_paid_may_carry_a_slip_that_is_not_for_payment(language: str) -> None:
    message = qr_bill.NOTIFICATION[language]
    payload = qr_bill.payload(bill(amount=D("0.00"), message=message))
    photograph = document(language=language, already_paid=D("132.00"), amount_due=D("0.00"), payload=payload)

    pdf = letter.render_invoice(photograph)

    assert message in texts(pdf)[0]
    assert LETTER[language]["thanks"] in texts(pdf)[0]
    assert codes(pages(pdf)[0]) == [payload]


def test_what_costs_nothing_was_not_paid() -> None:
    text = texts(letter.render_invoice(document(total=D("0.00"), discount=D("132.00"), amount_due=D("0.00"))))[0]

    assert "Il n’y a rien à payer." in text
    assert "merci" not in text


def test_a_draft_is_marked_on_every_page_and_a_copy_in_its_title() -> None:
    draft = texts(letter.render_invoice(document(40, number="", payload=""), draft=True))
    copy = texts(letter.render_invoice(document(), copy=True))

    assert len(draft) > 1
    assert all("Brouillon" in page for page in draft)
    assert "Copie" in copy[0]
    assert "Brouillon" not in copy[0]
    assert all(
        "Facture F-01240 · Copie · " in page for page in texts(letter.render_invoice(document(40), copy=True))[1:]
    )


def test_a_discount_the_rounding_and_the_vat_are_lines_of_their_own() -> None:
    photograph = document(
        language="de",
        discount=D("10.00"),
        discount_text="Rabatt für Lernende",
        rounding=D("0.02"),
        total=D("1222.02"),
        amount_due=D("1222.02"),
        vat=(VatShare(D(0), D("100.00"), D("0.00")), VatShare(D("8.1"), D("1122.00"), D("84.07"))),
        lines=(Line(date(2026, 10, 13), "999", "", "Öl 50 ml", D("1.5"), D("821.33"), D("1232.00"), D("8.1")),),
    )

    text = " ".join(texts(letter.render_invoice(photograph))[0].split())

    for part in ["Zwischentotal 1’232.00", "Rabatt für Lernende -10.00", "Rundung 0.02", "Zu zahlen 1’222.02"]:
        assert part in text
    assert "MWST von 8.1 % enthalten in 1’122.00 84.07" in text
    assert "999 Öl 50 ml MWST 8.1 % 1.5 821.33 1’232.00" in text
    assert "100.00" not in text


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "{{ 7|add:7 }}{% now 'Y' %}", "<img src='file:///etc/passwd'>", "&lt;b&gt;"],
)
def test_hostile_text_is_printed_as_it_was_typed(hostile: str) -> None:
    photograph = replace(_everywhere(hostile), payload="")

    text = "".join("".join(texts(letter.render_invoice(photograph))).split())

    assert text.count("".join(hostile.split())) >= 7


def test_text_in_another_direction_does_not_disturb_the_sums() -> None:
    photograph = _everywhere("مريم \u202egnirts\u202c שלום")

    pdf = letter.render_invoice(photograph)

    assert codes(pages(pdf)[0]) == [photograph.payload]
    assert "132.00" in texts(pdf)[0]


def test_the_fonts_are_those_the_standard_allows() -> None:
    reader = pypdf.PdfReader(io.BytesIO(letter.render_invoice(document())))

    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for font in reader.pages[0]["/Resources"]["/Font"].values()
    }

    assert fonts == {"Liberation-Sans", "Liberation-Sans-Bold"}
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Facture F-01240", PRACTICE.name)


def test_a_stored_photograph_prints_the_same_page_again() -> None:
    photograph = document()

    again = InvoiceDocument.from_json(photograph.to_json())

    assert letter.invoice_job(again) == letter.invoice_job(photograph)


def _slip_labels(language: str) -> list[str]:
    words = SLIP[language]
    return [text for name, text in words.items() if name != "payable_by_blank"]


def _everywhere(text: str) -> InvoiceDocument:
    plain = document()
    return replace(
        plain,
        sender=replace(plain.sender, party=replace(PRACTICE, name=text, town=text), therapist=text),
        recipient=Party(text, text, "", "2502", text),
        patient=Treated(text),
        lines=tuple(replace(line, text=text) for line in plain.lines),
        text_before=text,
        text_after=text,
    )
