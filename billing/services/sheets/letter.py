"""The patient's invoice with its QR-bill, as PDF, drawn from the photograph of the invoice alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing import page_code
from billing.document import InvoiceDocument, Line
from billing.services.sheets import stationery
from billing.services.sheets.stationery import NO_PICTURES, Pictures, day, listed, plain
from billing.sheet_words import LETTER
from billing.slip import Slip, slip_of, wrap
from optamed.core import pdf
from optamed.core.errors import DomainError
from optamed.core.money import swiss

# By the version that the photograph was laid out for: an old invoice keeps its looks when a new template comes.
TEMPLATES = {1: "invoice.html"}
# For the number of pages, which is guessed high: points and mm as in invoice.css.
TEXT_SIZE, TEXT_WIDTH, SERVICE_WIDTH, LEADING, LEAST_ROOM = 8.5, 170, 65, 4.4, 190


@dataclass(frozen=True)
class Row:
    """A line of the table, as text."""

    on: str
    code: str
    text: str
    vat: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True)
class Sum:
    """A line below the table; ``kind`` is its class in the style sheet."""

    kind: str
    label: str
    amount: str = ""


@dataclass(frozen=True)
class PageCode:
    """The page control of one page as a picture."""

    page: int
    source: str


def render_invoice(
    document: InvoiceDocument, *, pictures: Pictures = NO_PICTURES, draft: bool = False, copy: bool = False
) -> bytes:
    """The PDF: A4, the address in its window, the slip whole on the last page where the photograph has one.

    ``pictures`` holds kind and bytes by SHA-256. Raises DomainError where one is missing or the layout is unknown,
    QrBillError where the payload is no QR-bill, and PdfUnavailableError where Pango is missing.
    """
    return stationery.drawn(invoice_job(document, pictures=pictures, draft=draft, copy=copy))


def invoice_job(
    document: InvoiceDocument, *, pictures: Pictures = NO_PICTURES, draft: bool = False, copy: bool = False
) -> pdf.Job:
    """The page before it is drawn, for ``optamed.core.pdf.render_many``."""
    template = TEMPLATES.get(document.template_version)
    if template is None:
        raise DomainError(_("This invoice was made by a newer OptaMed. Update the program, then open it again."))
    context = _context(document, pictures) | {"draft": draft, "copy": copy}
    context["page_codes"] = [] if draft else page_codes(document)
    return stationery.page(template, context, "invoice.css")


def rows(document: InvoiceDocument, words: dict[str, str]) -> list[Row]:
    return [_row(line, words) for line in document.lines]


def steps(document: InvoiceDocument, words: dict[str, str]) -> list[Sum]:
    """From the lines to the total; what is zero is left out."""
    found = []
    if document.discount or document.rounding:
        subtotal = document.total - document.rounding + document.discount
        found.append(Sum("step", words["subtotal"], swiss(subtotal)))
    if document.discount:
        found.append(Sum("step", document.discount_text or words["discount"], swiss(-document.discount)))
    if document.rounding:
        found.append(Sum("step", words["rounding"], swiss(document.rounding)))
    return found


def vat(document: InvoiceDocument, words: dict[str, str]) -> list[Sum]:
    return [
        Sum("vat", words["vat_contained"] % {"rate": plain(share.rate), "gross": swiss(share.gross)}, swiss(share.vat))
        for share in document.vat
        if share.rate
    ]


def with_currency(document: InvoiceDocument, amount: str) -> str:
    """Francs are what everybody expects; any other currency is said beside the sum."""
    return amount if document.currency == "CHF" else f"{document.currency}\u00a0{amount}"


def page_codes(document: InvoiceDocument) -> list[PageCode]:
    """The page control of each page, where there is a request to the insurer; the standard knows no English."""
    if not document.guid or document.language == "en":
        return []
    return [PageCode(page, _page_code(document, page)) for page in range(1, _most_pages(document) + 1)]


def _context(document: InvoiceDocument, pictures: Pictures) -> dict[str, object]:
    words = LETTER[document.language]
    return stationery.head_of(document, words, pictures) | {
        "title": f"{words['invoice']} {document.number}".strip(),
        "place_and_date": _place_and_date(document, words),
        "treated": _treated(document, words),
        "before": stationery.paragraphs(document.text_before),
        "rows": rows(document, words),
        "sums": _sums(document, words),
        "nothing_due": _nothing_due(document, words),
        "after": stationery.paragraphs(document.text_after),
        "signature": stationery.picture(document.look.signature, pictures),
        "slip": _slip(document),
        "own_page": document.look.slip_page == "own",
        "lift": max(-document.look.offset_y, 0),
    }


def _slip(document: InvoiceDocument) -> Slip | None:
    """None where nothing is to pay, unless it says so itself."""
    slip = slip_of(document.payload, document.language) if document.payload else None
    return slip if slip and (document.amount_due > 0 or slip.notification) else None


def _nothing_due(document: InvoiceDocument, words: dict[str, str]) -> str:
    if document.amount_due:
        return ""
    return words["thanks"] if document.already_paid else words["nothing_due"]


def _place_and_date(document: InvoiceDocument, words: dict[str, str]) -> str:
    place = words["place_and_date"] % {"town": document.sender.party.town, "day": day(document.issued_on)}
    due = words["payable_by"] % {"day": day(document.due_on)} if document.amount_due > 0 else ""
    return listed(place, due)


def _treated(document: InvoiceDocument, words: dict[str, str]) -> str:
    patient = document.patient
    born = words["born_on"] % {"day": day(patient.born_on)} if patient.born_on else ""
    return listed(words["treatment_of"] % {"name": patient.name}, born)


def _row(line: Line, words: dict[str, str]) -> Row:
    return Row(
        on=day(line.on),
        code=line.code if line.tariff == "590" else f"{line.tariff} {line.code}".strip(),
        text=line.text,
        vat=f"{words['vat']} {plain(line.vat_rate)} %" if line.vat_rate else "",
        quantity=plain(line.quantity),
        price=swiss(line.unit_price),
        amount=swiss(line.amount),
    )


def _sums(document: InvoiceDocument, words: dict[str, str]) -> list[Sum]:
    """The amount to pay always stands, after what leads to it."""
    found = steps(document, words)
    if document.already_paid:
        found.append(Sum("step", words["total"], swiss(document.total)))
        found.append(Sum("step", words["paid"], swiss(-document.already_paid)))
    found.append(Sum("due", words["due"], with_currency(document, swiss(document.amount_due))))
    if document.euro_rate:
        found.append(Sum("vat", f"1 EUR = {document.euro_rate:.4f} CHF"))
    return found + vat(document, words)


def _page_code(document: InvoiceDocument, page: int) -> str:
    path = page_code.path_of(page_code.text(document.guid, document.language, "TG", "SR", page))
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="8.5mm" height="8.5mm" viewBox="0 0 24 24">'
        f'<path stroke="#000" d="{path}"/></svg>'
    )
    return stationery.data_address("image/svg+xml", drawing.encode())


def _most_pages(document: InvoiceDocument) -> int:
    """At least as many as there will be: a page control too many is never drawn, one too few would be missing."""
    services = sum(len(_broken(line.text, SERVICE_WIDTH)) * LEADING + 1 for line in document.lines)
    texts = sum(len(_broken(text, TEXT_WIDTH)) * LEADING for text in (document.text_before, document.text_after))
    own = document.look.slip_page == "own"
    return min(3 + own + int(services + texts) // LEAST_ROOM, 99)


def _broken(text: str, width: int) -> list[str]:
    return [line for part in text.splitlines() for line in wrap(part, width * stationery.MM, TEXT_SIZE)]
