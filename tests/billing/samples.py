"""Bills and photographs of invoices for the tests of billing, with boring defaults, and a reader for what comes out."""

import io
import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from billing import qr_bill, references
from billing.document import InvoiceDocument, Line, Sender, Treated
from billing.qr_bill import Bill, Party
from billing.totals import totals

MM = 25.4
NEAR, GAP = 1.5, 1.1  # points
PRACTICE = Party("Cabinet Trois-Lacs", "Quai du Bas", "12", "2502", "Biel/Bienne")
PAYER = Party("Marc Tavernay", "Chemin des Vignes", "14", "2502", "Biel/Bienne")
TEXTS = (
    "Anamnèse / bilan / diagnostic / constatations médicales, par période de 5 min.",
    "Ostéopathie, par période de 5 min.",
)


def bill(**changes: Any) -> Bill:
    given: dict[str, Any] = {
        "account": "CH9300762011623852957",
        "creditor": PRACTICE,
        "amount": Decimal("132.00"),
        "debtor": PAYER,
        "reference": references.scor("539007547034"),
        "message": "F-01240",
    }
    return Bill(**given | changes)


def lines(count: int) -> tuple[Line, ...]:
    quantities = (Decimal(2), Decimal(9))
    return tuple(
        Line(
            on=date(2026, 10, 13),
            tariff="590",
            code=("1200", "1203")[number % 2],
            text=TEXTS[number % 2],
            quantity=quantities[number % 2],
            unit_price=Decimal("12.00"),
            amount=Decimal("12.00") * quantities[number % 2],
        )
        for number in range(count)
    )


def document(count: int = 2, **changes: Any) -> InvoiceDocument:
    positions = changes.pop("lines", lines(count))
    sums = totals(positions)
    due = changes.get("amount_due", sums.total)
    given: dict[str, Any] = {
        "number": "F-01240",
        "issued_on": date(2026, 10, 13),
        "due_on": date(2026, 11, 12),
        "language": "fr",
        "currency": "CHF",
        "sender": Sender(
            PRACTICE, "Claire Montavel", "ostéopathe", "032 000 00 00", rcc="A123456", gln="7601000000002"
        ),
        "recipient": PAYER,
        "patient": Treated("Marc Tavernay", date(1980, 3, 12)),
        "lines": positions,
        "rounding": sums.rounding,
        "total": sums.total,
        "amount_due": due,
        "vat": sums.vat,
        "payload": qr_bill.payload(bill(amount=due)) if due > 0 else "",
    }
    return InvoiceDocument(**given | changes)


def pages(pdf: bytes, dpi: int = 200) -> list[Image.Image]:
    return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def texts(pdf: bytes) -> list[str]:
    """The words of each page, in the order of drawing, broken as printed."""
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(pdf)]


def boxes(pdf: bytes, page: int = 0) -> list[tuple[str, float, float, float, float]]:
    """The pieces of text of a page with left, top, right and bottom in mm from its upper left corner."""
    sheet = _sheet(pdf, page)
    text, height = sheet.get_textpage(), sheet.get_height()
    found = [text.get_rect(number) for number in range(text.count_rects())]
    return [
        (
            text.get_text_bounded(left, bottom, right, top).strip(),
            *(mm(x) for x in (left, height - top, right, height - bottom)),
        )
        for left, bottom, right, top in found
    ]


def images(pdf: bytes, page: int = 0) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the pictures of a page, in mm, from the top."""
    sheet = _sheet(pdf, page)
    height = sheet.get_height()
    bounds = [found.get_bounds() for found in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    found = [(mm(left), mm(height - top), mm(right), mm(height - bottom)) for left, bottom, right, top in bounds]
    return sorted(found, key=lambda box: box[1])


def mm(points: float) -> float:
    return points / 72 * MM


def drawing(width: int, height: int, kind: str = "PNG") -> tuple[str, bytes]:
    """A logo or signature: kind and bytes as the practice keeps them."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#336699").save(file, kind)
    return f"image/{kind.lower()}", file.getvalue()


def page_controls(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.DataMatrix)]


def lines_across(pdf: bytes) -> list[str]:
    """The words of each page as the eye reads them: lines from top to bottom, each from left to right."""
    return [_across(page.get_textpage()) for page in pypdfium2.PdfDocument(pdf)]


def _across(page: Any) -> str:
    """Characters whose bases lie within half a millimetre are a line; a gap of 0.4 mm is a blank."""
    found = [
        (page.get_charbox(index, loose=True), page.get_text_range(index, 1)) for index in range(page.count_chars())
    ]
    marks = sorted((-box[1], box[0], box[2], text) for box, text in found if text.strip())
    rows: list[list[tuple[float, float, float, str]]] = []
    for mark in marks:
        if not rows or mark[0] - rows[-1][0][0] > NEAR:
            rows.append([])
        rows[-1].append(mark)
    return "\n".join(_joined(sorted(row, key=lambda mark: mark[1])) for row in rows)


def _joined(row: list[tuple[float, float, float, str]]) -> str:
    text = row[0][3]
    for before, mark in itertools.pairwise(row):
        text += (" " if mark[1] - before[2] > GAP else "") + mark[3]
    return text


def codes(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def code_box(
    pdf: bytes, page: int = -1, dpi: int = 600, shift: tuple[float, float] = (0, 0)
) -> tuple[float, float, float, float]:
    """Left, top, width, height in mm of the black within the place of the code and 4 mm around it."""
    sheet = _sheet(pdf, page).render(scale=dpi / 72).to_pil().convert("L")
    scale = dpi / MM
    left, top = round((63 + shift[0]) * scale), round((205 + shift[1]) * scale)
    area = sheet.crop((left, top, left + round(54 * scale), top + round(54 * scale)))
    box = area.point(lambda value: 255 * (value < 128)).getbbox()
    assert box, "no code on this page"
    return (left + box[0]) / scale, (top + box[1]) / scale, (box[2] - box[0]) / scale, (box[3] - box[1]) / scale


def _sheet(pdf: bytes, page: int) -> pypdfium2.PdfPage:
    opened = pypdfium2.PdfDocument(pdf)
    return opened[page % len(opened)]
