"""The QR sheet as it is printed: its codes give back the XML byte for byte, and it says whose invoice it is."""

import io
import re
from dataclasses import replace

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from billing.annex import pack, unpack
from billing.form_layout.codes import PLACES, SIDE
from billing.form_words import FORM, LANGUAGES
from billing.request import InvoiceRequest
from billing.services.sheets import annex
from billing.xml_writing import write
from tests.billing.requests_sample import ANNE, request, services
from tests.billing.samples import lines_across, pages, texts

FULL = 1262


@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 600])
def test_the_codes_on_paper_are_the_xml_byte_for_byte(dpi: int) -> None:
    asked = request(4)
    xml = write(asked)

    sheets = pages(annex.render(asked, xml), dpi)

    assert unpack([code.text for sheet in sheets for code in _codes(sheet)]) == xml


@pytest.mark.parametrize("count", [1, 10, 40, 99])
def test_any_number_of_positions_comes_back(count: int) -> None:
    asked = request(count)
    xml = write(asked)

    sheets = pages(annex.render(asked, xml), 200)

    assert unpack([code.text for sheet in sheets for code in _codes(sheet)]) == xml


def test_twelve_codes_take_two_pages_and_stand_in_their_order() -> None:
    asked, xml = _noisy(12)

    pdf = annex.render(asked, xml)

    sheets = [_codes(page) for page in pages(pdf, 200)]
    assert [[code.text for code in codes] for codes in sheets] == [pack(xml)[:6], pack(xml)[6:]]
    names = [re.findall(r"Code QR (\d+)", text) for text in lines_across(pdf)]
    assert names == [[str(number) for number in range(1, 7)], [str(number) for number in range(7, 13)]]


def test_a_full_code_has_version_29_and_measures_55_mm() -> None:
    asked, xml = _noisy(3)

    pdf = annex.render(asked, xml)

    sheet = pages(pdf, 600)[0]
    codes = _codes(sheet)
    assert {(code.ec_level, len(code.text) > FULL - 30) for code in codes} == {("M", True)}
    pictures = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images
    assert [picture.image and picture.image.size for picture in pictures] == [(17 + 4 * 29, 17 + 4 * 29)] * 3
    for (left, top), _ in zip(PLACES, codes, strict=False):
        assert _black(sheet, left, top) == pytest.approx((left, top, left + SIDE, top + SIDE), abs=0.15)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_says_whose_it_is_in_the_requests_language(language: str) -> None:
    asked = request(language=language)

    text = texts(annex.render(asked, write(asked)))[0]

    words = FORM[language]
    for label in (words["annex"], words["to_insurance"], f"Release 5.0/Annex/{language}", words["identification"]):
        assert label in text
    assert f"1795511730 / 24.11.2026 10:15:30 / {asked.guid}" in text
    who = f"Madame Anne Exemple · Chemin des Vignes 14 · 1005 Lausanne · 28.02.1986 · {words['sex.female']}"
    assert who in text


def test_each_page_carries_its_control_code() -> None:
    asked, xml = _noisy(7)

    sheets = pages(annex.render(asked, xml), 200)

    found = [
        code.text
        for sheet in sheets
        for code in zxingcpp.read_barcodes(sheet, formats=zxingcpp.BarcodeFormat.DataMatrix)
    ]
    assert found == [f"FD50{asked.guid}frGAX{page:02d}" for page in (1, 2)]


def test_the_longest_name_stays_on_the_paper() -> None:
    patient = replace(ANNE, **dict.fromkeys(("family_name", "given_name", "salutation", "title", "street"), "W" * 35))
    asked = request(patient=replace(request().patient, contact=patient))

    page = pypdfium2.PdfDocument(annex.render(asked, write(asked)))[0]

    words = page.get_textpage()
    edge = max(words.get_charbox(index)[2] for index in range(words.count_chars()))
    assert edge * 25.4 / 72 < 200.5


def _noisy(codes: int) -> tuple[InvoiceRequest, bytes]:
    """A request, and bytes as long as that many full codes hold: nothing in them repeats, so nothing gets smaller."""
    size = (codes * FULL - 24) * 3 // 4 - 20
    noise = bytes((number * number * 2654435761 >> 7) * (number + 40503) >> 11 & 255 for number in range(size))
    assert len(pack(noise)) == codes
    return request(services=services(2)), noise


def _codes(sheet: Image.Image) -> list[zxingcpp.Barcode]:
    """In the order of reading: row by row."""
    found = zxingcpp.read_barcodes(sheet, formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(found, key=lambda code: (code.position.top_left.y * 4 // sheet.height, code.position.top_left.x))


def _area(sheet: Image.Image, left: float, top: float) -> Image.Image:
    scale = sheet.width / 210
    edges = (left - 2, top - 2, left + SIDE + 2, top + SIDE + 0.8)
    return sheet.crop(tuple(round(edge * scale) for edge in edges)).point(lambda value: 255 * (value < 128))


def _black(sheet: Image.Image, left: float, top: float) -> tuple[float, ...]:
    box = _area(sheet, left, top).getbbox()
    scale = sheet.width / 210
    assert box
    return tuple(edge / scale + offset - 2 for edge, offset in zip(box, (left, top, left, top), strict=True))
