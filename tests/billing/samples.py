"""Bills and photographs of invoices for the tests of billing, with boring defaults, and a reader for what comes out."""

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


def codes(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def code_box(pdf: bytes, page: int = -1, dpi: int = 600) -> tuple[float, float, float, float]:
    """Left, top, width, height in mm of the black within the place of the code and its 5 mm around it."""
    sheet = pages(pdf, dpi)[page]
    scale = dpi / MM
    left, top = round(63 * scale), round(205 * scale)
    area = sheet.crop((left, top, round(117.5 * scale), round(259 * scale)))
    box = area.point(lambda value: 255 * (value < 128)).getbbox()
    assert box, "no code on this page"
    return (left + box[0]) / scale, (top + box[1]) / scale, (box[2] - box[0]) / scale, (box[3] - box[1]) / scale
