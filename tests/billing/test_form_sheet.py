"""The form General as it is printed: every field at its place in three languages, rows whole, sums that add up."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from billing.form_words import FORM, LANGUAGES
from billing.request import NO_GLN, NO_SSN, Contact, Diagnosis, InvoiceRequest, Law, Subject, Treatment, VatLine
from billing.services.sheets import form
from billing.xml_reading import read
from billing.xml_writing import write
from tests.billing.requests_sample import ANNE, INSURER, PRACTICE_GLN, REFERRER, balance_of, request, services
from tests.billing.samples import lines_across, pages, texts

D = Decimal
MM = 25.4 / 72
TOLERANCE = 1.0  # millimetres
# Text, page's left edge of it (or its right one, negative), top of its line
PLACES = (
    ("1795511730 / 24.11.2026 10:15:30 / 3c6bc0bd140c4226b9aab71c57178000", 57.5, 23.7),
    ("Identification", 29.0, 23.7),
    ("N° GLN(B)", 29.0, 27.5),
    ("Cabinet Trois-Lacs · Rue du Lac 12", 86.0, 27.5),
    ("Prénom", 29.0, 39.1),
    ("Chemin des Vignes 14", 57.5, 42.9),
    ("28.02.1986", 57.5, 54.4),
    ("Femme / F", 57.5, 58.2),
    ("756.9217.0769.85", 57.5, 69.6),
    ("LCA", 57.5, 92.5),
    ("CSS Assurance", 124.0, 46.7),
    ("7601003001082", 152.5, 35.3),
    ("24.11.2026 / F-00042", 152.5, 92.5),
    ("7601000000019", 57.5, 114.7),
    ("Luc Modèle", 95.5, 111.7),
    ("Lombalgies", 57.5, 120.8),
    ("Merci de votre confiance.", 57.5, 124.7),
    ("Code tarif.", 36.0, 155.3),
    ("1203", 36.0, 165.2),
    ("Ostéopathie, par période de 5 min.", 36.0, 168.9),
    ("99.00", -200.0, 165.2),
    ("9.00", -103.0, 165.2),
    ("Montant total:", -185.7, 270.1),
    ("Montant dû:", -185.7, 279.0),
)


@pytest.fixture(scope="module")
def usual() -> bytes:
    return form.render(request())


@pytest.mark.parametrize(("text", "edge", "top"), PLACES)
def test_a_field_stands_at_its_place(text: str, edge: float, top: float, usual: bytes) -> None:
    page = pypdfium2.PdfDocument(usual)[0]

    boxes = _boxes(page, text)

    assert any(
        abs((box[0] if edge > 0 else box[2]) - abs(edge)) < TOLERANCE and top - TOLERANCE < box[1] < top + 2.5
        for box in boxes
    ), boxes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_printed_in_the_requests_language(language: str) -> None:
    text = texts(form.render(request(language=language)))[0]

    labels = [word for name, word in FORM[language].items() if "." not in name and name not in UNUSED]
    assert [label for label in labels if any(part.rstrip("-") not in text for part in label.split("\n"))] == []
    assert f"Release 5.0/General/{language}" in text


UNUSED = {"annex", "draft", "yes", "subtotal", "qr_code"}


def test_the_words_are_whole_in_each_language() -> None:
    empty = [(language, name) for language in LANGUAGES for name, word in FORM[language].items() if not word.strip()]

    assert empty == []
    assert {len(words) for words in FORM.values()} == {len(FORM["fr"])}


def test_what_the_law_the_reason_and_the_approval_say_is_printed() -> None:
    treatment = Treatment(date(2026, 9, 1), date(2026, 9, 3), "TI", "accident", (), "KoGu-77", date(2026, 8, 30))
    asked = request(
        language="de",
        law=Law("UVG", case_no="F-9/26", case_on=date(2026, 7, 1)),
        treatment=treatment,
        role="other",
        role_title="Dipl. Osteopathin",
        place="hospital",
    )

    text = texts(form.render(asked))[0]

    for value in ("UVG", "Unfall", "01.07.2026", "F-9/26", "30.08.2026 / KoGu-77", "01.09.2026 - 03.09.2026", "TI"):
        assert value in text
    assert "Dipl. Osteopathin · Spital" in text


def test_without_an_insurer_the_window_shows_who_pays() -> None:
    parent = replace(ANNE, given_name="Louis", street="Hauptstrasse", postcode="79100", town="Freiburg", country="DE")

    page = pypdfium2.PdfDocument(form.render(request(insurance=None, debitor=parent)))[0]

    assert _boxes(page, "Louis Exemple")[0][0] == pytest.approx(124.0, abs=TOLERANCE)
    assert _boxes(page, "DE-79100 Freiburg")[0][1] == pytest.approx(54.6, abs=TOLERANCE)


def test_placeholders_are_printed_as_they_are() -> None:
    patient = Subject(ANNE, "female", "diverse", date(1986, 2, 28), NO_SSN)
    rows = tuple(replace(row, provider_gln=NO_GLN) for row in services())
    asked = request(
        patient=patient,
        services=rows,
        biller=replace(request().biller, gln=NO_GLN, rcc=""),
        provider=replace(request().provider, gln=NO_GLN, location_gln=NO_GLN),
    )

    text = texts(form.render(asked))[0]

    assert "756.9999.9999.91" in text
    assert "Divers / F" in text
    assert text.count(NO_GLN) == 4


def test_a_copy_says_so() -> None:
    plain, copy = form.render(request()), form.render(request(), copy=True)

    assert "Copie Non" in lines_across(plain)[0]
    assert "Copie Oui" in lines_across(copy)[0]


@pytest.mark.parametrize("count", [1, 16, 17, 99])
def test_rows_are_whole_and_the_sums_of_the_pages_add_up(count: int) -> None:
    asked = request(count)

    sheets = lines_across(form.render(asked))

    joined = "\n".join(sheets)
    assert joined.count("par période de 5 min.") == count
    subtotals = [D(found) for page in sheets for found in re.findall(r"Sous-total:\s+([\d.]+)", page)]
    assert sum(subtotals) == (asked.balance.amount if len(sheets) > 1 else 0)
    assert [page.count("Montant dû:") for page in sheets] == [0] * (len(sheets) - 1) + [1]
    assert len(sheets) == {1: 1, 16: 1, 17: 2, 99: 4}[count]
    assert f"Montant total: {asked.balance.amount}" in sheets[-1]


@pytest.mark.parametrize("count", [1, 40, 99])
def test_each_page_carries_its_control_code(count: int) -> None:
    asked = request(count)

    found = [_controls(page) for page in pages(form.render(asked), 200)]

    assert found == [[f"FD50{asked.guid}frGGR{number:02d}"] for number in range(1, len(found) + 1)]


def test_a_draft_is_marked_and_has_no_control_code() -> None:
    pdf = form.render(request(40), draft=True)

    assert all("Brouillon" in page for page in texts(pdf))
    assert [_controls(page) for page in pages(pdf, 200)] == [[], []]


def test_rates_of_vat_have_their_codes() -> None:
    rates = (D("0"), D("8.1"), D("2.6"))
    rows = tuple(replace(row, vat_rate=rate) for row, rate in zip(services(3), rates, strict=True))
    vat = (
        VatLine(D(0), D("33.00"), D("0.00")),
        VatLine(D("2.6"), D("33.00"), D("0.84")),
        VatLine(D("8.1"), D("99.00"), D("7.42")),
    )
    balance = balance_of(rows, vat=vat, vat_number="CHE108791452", prepaid=D("65.00"), due=D("100.00"))

    text = lines_across(form.render(request(services=rows, balance=balance)))[0]

    assert re.findall(r"^(\d \d\.\d\d \d\d\.00 \d\.\d\d) ", text, re.MULTILINE) == [
        "0 0.00 33.00 0.00", "2 2.60 33.00 0.84", "1 8.10 99.00 7.42",
    ]  # fmt: skip
    assert "N° TVA: CHE-108.791.452" in text
    assert re.findall(r"1\.00 1 ?1 ?(\d) (\d+\.00)$", text, re.MULTILINE) == [
        ("0", "33.00"),
        ("1", "99.00"),
        ("2", "33.00"),
    ]
    assert "Acompte: 65.00" in text
    assert "Montant dû: 100.00" in text


def test_partners_are_numbered_after_who_treated_and_rows_name_their_number() -> None:
    first, second = services()
    asked = request(services=(first, replace(second, provider_gln="7601000000033")), partners=(REFERRER,))

    text = lines_across(form.render(asked))[0]

    assert f"1 – {PRACTICE_GLN} A123456 Luc Modèle" in text
    assert "2 – 7601000000033\n3 – 7601000000026 Z987654 / Prescripteur Dr. Zoé Renvoyant · 1003 Lausanne" in text
    assert re.findall(r"1\.00 (\d) ?(\d) ?0 \d+\.00$", text, re.MULTILINE) == [("1", "1"), ("2", "2")]


def test_the_form_of_the_xml_read_back_is_the_same_page() -> None:
    asked = request(3, partners=(REFERRER,), at=datetime(2026, 11, 24, 9, 15, 30, tzinfo=UTC))

    assert form.form_job(read(write(asked))) == form.form_job(asked)


@pytest.mark.parametrize(
    ("letter", "language"),
    [("W", "fr"), ("W", "de"), ("W", "it"), ("m ", "fr"), ("Ç", "fr"), ("中", "fr"), ("<&’", "fr")],
)
def test_the_longest_fields_stay_in_their_places(letter: str, language: str) -> None:
    asked = _longest(letter, language)

    pdf = form.render(asked)

    for number, sheet in enumerate(pypdfium2.PdfDocument(pdf)):
        boxes = _all_boxes(sheet)
        assert min(box[0] for box in boxes) > 9.5, number
        assert max(box[2] for box in boxes) < 200.8, number
        assert max(box[3] for box in boxes) < 290, number
        assert _overprints(boxes) == [], number


def _longest(letter: str, language: str) -> InvoiceRequest:
    """All that the standard allows, filled with one sign."""

    def full(length: int) -> str:
        return (letter * length)[:length].strip()

    contact = Contact(
        family_name=full(35),
        given_name=full(35),
        title=full(35),
        street=full(35),
        house_no=full(10),
        postcode="9" * 9,
        town=full(35),
        country="DE",
        phone=full(25),
        email=full(80),
    )
    company = replace(contact, company=full(35), department=full(35))
    rows = tuple(
        replace(
            row,
            name=full(350),
            code=full(30),
            quantity=D("99999.99"),
            unit_price=D("99999.99"),
            amount=D("-9999999.99"),
            session=999999,
        )
        for row in services(9)
    )
    plain = request()
    changes: dict[str, Any] = {
        "language": language,
        "number": full(35),
        "biller": replace(plain.biller, contact=company),
        "provider": replace(plain.provider, contact=company),
        "patient": replace(plain.patient, contact=contact),
        "insurance": replace(INSURER, contact=company),
        "partners": (replace(REFERRER, contact=company),) * 6,
        "law": Law(card_no=full(35), insured_no=full(35), case_no=full(35), case_on=date(2026, 1, 1)),
        "treatment": replace(
            plain.treatment,
            diagnoses=tuple(Diagnosis("birthdefect", full(12), full(200)) for _ in range(3)),
            approval_no=full(35),
            approval_on=date(2026, 1, 1),
        ),
        "remark": full(350),
        "role_title": full(35),
        "services": rows,
        "balance": balance_of(rows, vat=tuple(VatLine(D(rate), D("9999999.99"), D("999999.99")) for rate in (0, 2, 8))),
    }
    return request(**changes)


def _controls(page: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.DataMatrix)]


def _boxes(page: Any, text: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom in millimetres from the top left of each place where the text stands."""
    words = page.get_textpage()
    search = words.search(text, match_case=True)
    found = []
    while hit := search.get_next():
        start, count = hit
        boxes = [_box(page, words, index) for index in range(start, start + count)]
        found.append((boxes[0][0], min(box[1] for box in boxes), boxes[-1][2], max(box[3] for box in boxes)))
    return found


def _all_boxes(page: Any) -> list[tuple[float, float, float, float, str]]:
    words = page.get_textpage()
    text = words.get_text_range(0, words.count_chars())
    boxes = [(*_box(page, words, index), words.get_text_range(index, 1)) for index in range(words.count_chars())]
    assert text
    return [box for box in boxes if box[4].strip()]


def _box(page: Any, words: Any, index: int) -> tuple[float, float, float, float]:
    left, bottom, right, top = words.get_charbox(index)
    height = page.get_height()
    return left * MM, (height - top) * MM, right * MM, (height - bottom) * MM


def _overprints(boxes: list[tuple[float, float, float, float, str]]) -> list[Any]:
    """Pairs of signs that lie on one another by more than a fifth of a millimetre both ways."""
    wrong = []
    ordered = sorted(boxes)
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other[0] > one[2] - 0.2:
                break
            if min(one[3], other[3]) - max(one[1], other[1]) > 0.2 and min(one[2], other[2]) - other[0] > 0.2:
                wrong.append((one, other))
    return wrong
