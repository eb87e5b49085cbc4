"""The patient's invoice with its QR-bill, as PDF, drawn from the photograph of the invoice alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.template import Context, Engine

from billing.document import InvoiceDocument, Line
from billing.qr_bill import Party
from billing.sheet_words import LETTER
from billing.slip import slip_of
from optamed.core import pdf
from optamed.core.money import swiss

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SHEETS = TEMPLATES / "billing" / "sheets"


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
    amount: str


def render_invoice(document: InvoiceDocument, *, draft: bool = False, copy: bool = False) -> bytes:
    """The PDF: A4, address in the right window, the slip whole on the last page where there is something to pay.

    Raises QrBillError where the payload is no QR-bill, and what ``optamed.core.pdf.render`` raises.
    """
    job = invoice_job(document, draft=draft, copy=copy)
    return pdf.render(job.html, css=job.css)


def invoice_job(document: InvoiceDocument, *, draft: bool = False, copy: bool = False) -> pdf.Job:
    """The page before it is drawn, for ``optamed.core.pdf.render_many``."""
    context = Context(_context(document) | {"draft": draft, "copy": copy}, use_l10n=False)
    return pdf.Job(html=_engine().get_template("billing/sheets/invoice.html").render(context), css=_style())


def _context(document: InvoiceDocument) -> dict[str, object]:
    words = LETTER[document.language]
    to_pay = document.amount_due > 0
    return {
        "document": document,
        "language": document.language,
        "words": words,
        "title": f"{words['invoice']} {document.number}".strip(),
        "sender": document.sender,
        "sender_lines": _sender_lines(document, words),
        "recipient_lines": _address(document.recipient),
        "place_and_date": _place_and_date(document, words),
        "treated": _treated(document, words),
        "rows": [_row(line, words) for line in document.lines],
        "sums": _sums(document, words),
        "nothing_due": document.amount_due == 0,
        "slip": slip_of(document.payload, document.language) if document.payload and to_pay else None,
    }


def _sender_lines(document: InvoiceDocument, words: dict[str, str]) -> list[str]:
    sender = document.sender
    who = _listed(sender.therapist, sender.profession, mark=", ")
    reach = _listed(", ".join(_address(sender.party)[1:]), sender.phone, sender.email)
    numbers = _listed(
        f"RCC {sender.rcc}" if sender.rcc else "",
        f"GLN {sender.gln}" if sender.gln else "",
        f"{sender.vat_number} {words['vat']}" if sender.vat_number else "",
    )
    return [line for line in (who, reach, numbers) if line]


def _place_and_date(document: InvoiceDocument, words: dict[str, str]) -> str:
    place = words["place_and_date"] % {"town": document.sender.party.town, "day": _day(document.issued_on)}
    due = words["payable_by"] % {"day": _day(document.due_on)} if document.amount_due > 0 else ""
    return _listed(place, due)


def _treated(document: InvoiceDocument, words: dict[str, str]) -> str:
    patient = document.patient
    born = words["born_on"] % {"day": _day(patient.born_on)} if patient.born_on else ""
    return _listed(words["treatment_of"] % {"name": patient.name}, born)


def _row(line: Line, words: dict[str, str]) -> Row:
    return Row(
        on=_day(line.on),
        code=line.code if line.tariff == "590" else f"{line.tariff} {line.code}".strip(),
        text=line.text,
        vat=f"{words['vat']} {_plain(line.vat_rate)} %" if line.vat_rate else "",
        quantity=_plain(line.quantity),
        price=swiss(line.unit_price),
        amount=swiss(line.amount),
    )


def _sums(document: InvoiceDocument, words: dict[str, str]) -> list[Sum]:
    """What is zero is left out; the amount to pay always stands."""
    steps = []
    if document.discount or document.rounding:
        subtotal = document.total - document.rounding + document.discount
        steps.append(Sum("step", words["subtotal"], swiss(subtotal)))
    if document.discount:
        steps.append(Sum("step", words["discount"], swiss(-document.discount)))
    if document.rounding:
        steps.append(Sum("step", words["rounding"], swiss(document.rounding)))
    if document.already_paid:
        steps.append(Sum("step", words["total"], swiss(document.total)))
        steps.append(Sum("step", words["paid"], swiss(-document.already_paid)))
    return [*steps, Sum("due", words["due"], swiss(document.amount_due)), *_vat(document, words)]


def _vat(document: InvoiceDocument, words: dict[str, str]) -> list[Sum]:
    return [
        Sum("vat", words["vat_contained"] % {"rate": _plain(share.rate), "gross": swiss(share.gross)}, swiss(share.vat))
        for share in document.vat
        if share.rate
    ]


def _address(party: Party) -> list[str]:
    abroad = "" if party.country == "CH" else f"{party.country}-"
    way = f"{party.street} {party.house_no}".strip()
    return [line for line in (party.name, way, f"{abroad}{party.postcode} {party.town}") if line]


def _listed(*parts: str, mark: str = " · ") -> str:
    return mark.join(part for part in parts if part)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _engine() -> Engine:
    """An engine of its own: a letter knows neither the screen's language nor the request."""
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


@cache
def _style() -> str:
    return (SHEETS / "invoice.css").read_text(encoding="utf-8")
