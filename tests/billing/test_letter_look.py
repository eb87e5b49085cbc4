"""The look of the letter: windows, pictures, accent, foot, and the slip where the practice's paper wants it."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import ImageChops

from billing import page_code, qr_bill
from billing.document import InvoiceDocument, Look
from billing.qr_bill import Party
from billing.services.sheets import letter, stationery
from optamed.core import palette, pdf
from optamed.core.errors import DomainError
from tests.billing.samples import (
    MM,
    bill,
    boxes,
    code_box,
    codes,
    document,
    drawing,
    images,
    page_controls,
    pages,
    texts,
)

D = Decimal
GUID = "3c6bc0bd140c4226b9aab71c57178000"
FOOT = "Fusszeile Trois-Lacs"
PLAIN = Look()
WINDOWS = {"right": (118, 200), "left": (20, 112)}  # mm from the left, as DL and C5 envelopes have them
WINDOW_TOP, WINDOW_BOTTOM = 45, 74
PICTURES = {"wide": drawing(1000, 260), "tall": drawing(200, 600), "name": drawing(600, 200, "JPEG")}


def dressed(count: int = 2, *, look: Look = PLAIN, **changes: Any) -> InvoiceDocument:
    return document(count, look=look, **changes)


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
@pytest.mark.parametrize("window", ["right", "left"])
def test_the_address_and_nothing_else_stands_in_the_window(window: str, language: str) -> None:
    sheet = letter.render_invoice(dressed(look=Look(window=window, logo="wide"), language=language), pictures=PICTURES)

    left, right = WINDOWS[window]
    inside = [
        text for text, *box in boxes(sheet) if box[0] < right and box[2] > left and WINDOW_TOP < box[3] < WINDOW_BOTTOM
    ]
    assert inside == ["Marc Tavernay", "Chemin des Vignes 14", "2502 Biel/Bienne"]
    begins = next(box[0] for text, *box in boxes(sheet) if text == inside[0])
    assert begins == pytest.approx({"right": 122, "left": 22}[window], abs=1)
    assert images(sheet)[0][3] < WINDOW_TOP


@pytest.mark.parametrize("window", ["right", "left"])
def test_a_long_head_stays_beside_the_window(window: str) -> None:
    plain = document()
    sender = replace(
        plain.sender, profession="n" * 60, email="claire.montavel@cabinet-trois-lacs.example", vat_number="CHE-1"
    )

    sheet = letter.render_invoice(replace(plain, sender=sender, look=Look(window=window)))

    left, right = WINDOWS[window]
    others = [box for text, *box in boxes(sheet) if WINDOW_TOP < box[3] < WINDOW_BOTTOM]
    assert len([box for box in others if left < box[0] < right]) == 3
    assert "claire.montavel@cabinet-trois-lacs.example" in texts(sheet)[0]


@pytest.mark.parametrize("window", ["right", "left"])
def test_a_long_address_pushes_the_title_down(window: str) -> None:
    recipient = Party("FONDATION " * 7, "CHEMIN " * 10, "12 B", "2502", "Biel/Bienne")

    sheet = letter.render_invoice(dressed(look=Look(window=window), recipient=recipient, payload=""))

    address = [box for text, *box in boxes(sheet) if re.match("FONDATION|CHEMIN|2502 Biel", text)]
    title = next(box for text, *box in boxes(sheet) if text == "Facture F-01240")
    assert max(box[3] for box in address if box[1] > 45) < title[1]


@pytest.mark.parametrize("logo", ["wide", "tall"])
@pytest.mark.parametrize("window", ["right", "left"])
def test_a_logo_keeps_its_shape_within_60_by_22_mm(window: str, logo: str) -> None:
    sheet = letter.render_invoice(dressed(look=Look(window=window, logo=logo), guid=GUID), pictures=PICTURES)

    left, top, right, bottom = images(sheet)[0]
    assert right - left <= 60
    assert bottom - top <= 22
    assert (right - left) / (bottom - top) == pytest.approx({"wide": 1000 / 260, "tall": 200 / 600}[logo], rel=0.02)
    assert (right if window == "right" else left) == pytest.approx({"right": 190, "left": 22}[window], abs=0.5)


def test_the_signature_stands_below_the_closing_words_with_the_name_below() -> None:
    photograph = dressed(look=Look(signature="name"), text_after="Meilleures salutations")

    sheet = letter.render_invoice(photograph, pictures=PICTURES)

    _, top, _, bottom = images(sheet)[0]
    places = {text: box for text, *box in boxes(sheet)}
    assert places["Meilleures salutations"][3] <= top
    assert bottom <= places["Claire Montavel"][1]
    assert bottom - top <= 18


@pytest.mark.parametrize("look", [Look(logo="lost"), Look(signature="lost")])
def test_a_picture_that_is_gone_is_told_with_its_remedy(look: Look) -> None:
    with pytest.raises(DomainError, match="Add the same file again") as refused:
        letter.render_invoice(dressed(look=look), pictures=PICTURES)

    assert refused.value.link


@pytest.mark.parametrize("accent", ["#03726a", "#ffd400", "#ffffff", "#000000"])
def test_any_accent_can_be_read_on_white(accent: str) -> None:
    shown = stationery.readable(accent)
    sheet = letter.invoice_job(dressed(look=Look(accent=accent)))

    assert palette.contrast(shown, "#ffffff") >= 4.5
    assert f"--accent:{shown}" in sheet.html


def test_the_accent_colours_the_name_the_rules_and_the_amount_and_no_accent_leaves_all_grey() -> None:
    coloured, grey = (
        letter.render_invoice(dressed(look=Look(accent=accent), payload="")) for accent in ("#c00000", "")
    )

    name, amount = (15, 25), (110, 140)
    assert [_has_red(coloured, *part) for part in (name, amount)] == [True, True]
    assert not _has_red(grey, 0, 297)


@pytest.mark.parametrize(("count", "own"), [(1, "same"), (8, "same"), (40, "same"), (20, "own")])
def test_the_foot_stands_on_each_page_of_the_letter_above_the_edge_and_never_in_the_slip(count: int, own: str) -> None:
    sheet = letter.render_invoice(dressed(count, look=Look(slip_page=own), footer=FOOT))

    found = [[box for text, *box in boxes(sheet, page) if text == FOOT] for page in range(len(texts(sheet)))]
    with_slip = ["Récépissé" in page for page in texts(sheet)]
    assert [len(page) for page in found] == [0 if own == "own" and slip else 1 for slip in with_slip]
    assert all(page[0][3] <= (192 - 1.5 if slip else 292) for page, slip in zip(found, with_slip, strict=True) if page)
    assert all(page[0][1] > 170 for page in found if page)


@pytest.mark.parametrize("count", range(1, 13))
def test_the_longest_foot_touches_neither_letter_nor_slip(count: int) -> None:
    sheet = letter.render_invoice(dressed(count, footer="W" * 200, text_after="z" * 300))

    for page, text in enumerate(texts(sheet)):
        foot = [box for piece, *box in boxes(sheet, page) if "WWW" in piece]
        assert sum(piece.count("W") for piece, *_ in boxes(sheet, page)) == 200
        above = [box[3] for piece, *box in boxes(sheet, page) if box[3] < foot[-1][3] and "WWW" not in piece]
        assert max(above, default=0) <= foot[0][1] + 0.1
        assert foot[-1][3] <= (190.5 if "Récépissé" in text else 292)


def test_the_slip_on_its_own_page_has_nothing_but_a_title() -> None:
    sheet = letter.render_invoice(dressed(2, look=Look(slip_page="own", logo="wide"), footer=FOOT), pictures=PICTURES)

    first, _ = texts(sheet)
    above = [text for text, *box in boxes(sheet, 1) if box[1] < 190]
    assert "À payer" in first
    assert "Récépissé" not in first
    assert sorted(above) == ["2/2", "Facture F-01240"]
    assert all(box[2:] == (pytest.approx(46, abs=0.2), pytest.approx(46, abs=0.2)) for box in [code_box(sheet)])


@pytest.mark.parametrize("dpi", [100, 200, 600])
@pytest.mark.parametrize(
    "look",
    [
        Look(slip_page="own"),
        Look(slip_lines=False, window="left", accent="#03726a"),
        Look(offset_x=D("-10.0"), offset_y=D("10.0")),
        Look(offset_x=D("10.0"), offset_y=D("-10.0"), window="left"),
    ],
)
def test_the_code_decodes_however_the_slip_is_placed(look: Look, dpi: int) -> None:
    photograph = dressed(look=look, footer=FOOT)

    assert codes(pages(letter.render_invoice(photograph), dpi)[-1]) == [photograph.payload]


@pytest.mark.parametrize(("x", "y"), [("0.5", "-0.5"), ("-2.0", "1.5"), ("0.0", "1.5"), ("2.5", "0.0")])
@pytest.mark.parametrize("own", ["same", "own"])
def test_an_offset_shifts_the_slip_and_nothing_else(own: str, x: str, y: str) -> None:
    shifted = letter.render_invoice(dressed(look=Look(slip_page=own, offset_x=D(x), offset_y=D(y))))
    plain = letter.render_invoice(dressed(look=Look(slip_page=own)))

    left, top, width, height = code_box(shifted, dpi=300, shift=(float(x), float(y)))
    assert (left, top) == (pytest.approx(67 + float(x), abs=0.3), pytest.approx(209 + float(y), abs=0.3))
    assert (width, height) == (pytest.approx(46, abs=0.2), pytest.approx(46, abs=0.2))
    assert [box for box in boxes(shifted) if box[2] < 180] == [box for box in boxes(plain) if box[2] < 180]


def test_a_slip_shifted_down_loses_no_line() -> None:
    procedures = ("eBill/B/41010560425610173", "TWINT/long")
    payload = qr_bill.payload(bill(alternative_procedures=procedures))

    text = texts(letter.render_invoice(dressed(look=Look(offset_y=D("10.0")), payload=payload)))[0]

    assert all(procedure in text for procedure in procedures)


@pytest.mark.parametrize("count", range(1, 12))
def test_a_slip_shifted_up_covers_no_word(count: int) -> None:
    sheet = letter.render_invoice(dressed(count, look=Look(offset_y=D("-10.0")), text_after="Merci.", footer=FOOT))

    top = min(box[1] for text, *box in boxes(sheet, -1) if text == "Récépissé")
    others = [box for text, *box in boxes(sheet, -1) if box[1] < 180 and (text in {"Merci.", FOOT} or "13.10" in text)]
    assert others
    assert max(box[3] for box in others) < top - 5


def test_without_lines_there_is_neither_dash_nor_scissors() -> None:
    with_lines, without = (
        pages(letter.render_invoice(dressed(look=Look(slip_lines=lines))), 200)[0].crop((0, 1490, 1654, 1535))
        for lines in (True, False)
    )

    assert with_lines.getextrema()[0] < 128
    assert without.getextrema() == (255, 255)


@pytest.mark.parametrize(("language", "count", "own"), [("fr", 1, "same"), ("de", 40, "same"), ("it", 99, "own")])
def test_each_page_carries_its_page_control(language: str, count: int, own: str) -> None:
    look = Look(slip_page=own, logo="wide")
    sheet = letter.render_invoice(dressed(count, look=look, language=language, guid=GUID), pictures=PICTURES)

    corners = [
        page.crop((round(page.width * 0.89), 0, page.width, round(page.height * 0.075))) for page in pages(sheet, 300)
    ]
    wanted = [page_code.text(GUID, language, "TG", "SR", number) for number in range(1, len(corners) + 1)]
    assert [page_controls(corner) for corner in corners] == [[text] for text in wanted]


@pytest.mark.parametrize("changes", [{"language": "en"}, {"guid": ""}])
def test_there_is_no_page_control_without_a_request_or_in_english(changes: dict[str, str]) -> None:
    sheet = letter.render_invoice(dressed(**{"guid": GUID} | changes))

    assert page_controls(pages(sheet, 300)[0]) == []


def test_a_draft_has_no_page_control() -> None:
    assert page_controls(pages(letter.render_invoice(dressed(guid=GUID), draft=True), 300)[0]) == []


def test_texts_before_and_after_stand_in_paragraphs() -> None:
    photograph = dressed(text_before="Bonjour,\r\n\r\nvoici la facture.\nMerci.", text_after="Un.\n\n\n\nDeux.")

    html = letter.invoice_job(photograph).html

    for part in ("Bonjour,", "voici la facture.\nMerci.", "Un.", "Deux."):
        assert f'<p class="text">{part}</p>' in html


def test_euros_are_named_beside_the_sum_with_their_rate() -> None:
    photograph = dressed(
        language="de", currency="EUR", euro_rate=D("0.945"), payload=qr_bill.payload(bill(currency="EUR"))
    )

    text = " ".join(texts(letter.render_invoice(photograph))[0].split())

    assert "Preis EUR" in text
    assert "Zu zahlen EUR 132.00" in text
    assert "1 EUR = 0.9450 CHF" in text
    assert "Währung EUR" in text.replace("Betrag ", "")


def test_the_numbers_insurers_look_for_have_the_names_of_the_language() -> None:
    german, french = (texts(letter.render_invoice(dressed(language=language)))[0] for language in ("de", "fr"))

    assert "ZSR A123456 · GLN 7601000000002" in german
    assert "RCC A123456 · GLN 7601000000002" in french


def test_a_layout_of_a_newer_program_is_refused_with_a_sentence() -> None:
    with pytest.raises(DomainError, match="newer OptaMed"):
        letter.render_invoice(dressed(template_version=99))


def test_missing_fonts_are_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "ASSETS", tmp_path)
    pdf._sheet.cache_clear()
    pdf._font_configuration.cache_clear()

    with pytest.raises(DomainError, match="Install OptaMed again"):
        letter.render_invoice(dressed())


def _has_red(sheet: bytes, top: int, bottom: int) -> bool:
    """Whether anything clearly red stands between two heights, in mm from the top."""
    image = pypdfium2.PdfDocument(sheet)[0].render(scale=100 / 72).to_pil().convert("RGB")
    red, green, _ = image.crop((0, round(top * 100 / MM), image.width, round(bottom * 100 / MM))).split()
    return bool(ImageChops.subtract(red, green).point(lambda value: 255 * (value > 90)).getbbox())
