"""An issued invoice as a photograph: all that is printed, in the words and figures of its day, nothing looked up again.

It is stored as JSON with the invoice, so that a copy years later shows what was sent.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self

from billing.qr_bill import Party
from billing.totals import VatShare
from optamed.core.money import ZERO

TEMPLATE_VERSION = 1
READ: dict[object, Callable[[str], object]] = {Decimal: Decimal, date: date.fromisoformat}


@dataclass(frozen=True)
class Sender:
    """The head of the letter: the practice's address, and who treated, with the numbers insurers look for."""

    party: Party
    therapist: str = ""
    profession: str = ""
    phone: str = ""
    email: str = ""
    rcc: str = ""
    gln: str = ""
    vat_number: str = ""


@dataclass(frozen=True)
class Treated:
    """The patient, who is often not the one who pays."""

    name: str
    born_on: date | None = None


@dataclass(frozen=True)
class Line:
    """One position with the tariff's binding text. ``vat_rate`` in per cent, None where VAT is excluded."""

    on: date
    tariff: str
    code: str
    text: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    vat_rate: Decimal | None = None


@dataclass(frozen=True)
class Look:
    """How the letter is laid out. ``logo`` and ``signature`` are SHA-256 of kept pictures, ``accent`` a colour or none.

    ``window`` right or left, ``slip_page`` same or own, shifts in mm to the right and down.
    """

    logo: str = ""
    signature: str = ""
    accent: str = ""
    window: str = "right"
    slip_page: str = "same"
    slip_lines: bool = True
    offset_x: Decimal = ZERO
    offset_y: Decimal = ZERO


@dataclass(frozen=True)
class InvoiceDocument:
    """``total`` = lines - ``discount`` + ``rounding``; ``amount_due`` = ``total`` - ``already_paid``.

    All amounts are in ``currency``. ``payload`` is the text of the QR code, empty where no slip is printed; of an
    invoice with nothing to pay it is a notification over 0.00. ``number`` is empty on a draft. ``guid`` names the
    request to the insurer, and is empty where none is made.
    """

    number: str
    issued_on: date
    due_on: date
    language: str
    currency: str
    sender: Sender
    recipient: Party
    patient: Treated
    lines: tuple[Line, ...]
    total: Decimal
    amount_due: Decimal
    discount: Decimal = ZERO
    rounding: Decimal = ZERO
    already_paid: Decimal = ZERO
    vat: tuple[VatShare, ...] = ()
    payload: str = ""
    discount_text: str = ""
    euro_rate: Decimal | None = None
    text_before: str = ""
    text_after: str = ""
    footer: str = ""
    look: Look = Look()
    guid: str = ""
    forms: str = "letter"
    template_version: int = TEMPLATE_VERSION

    def to_json(self) -> str:
        """The photograph as text: amounts as strings, days as 2026-11-24."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The photograph back. Raises ValueError, KeyError or TypeError where the text is none."""
        raw: dict[str, Any] = json.loads(text)
        raw["sender"] = Sender(**{**raw["sender"], "party": Party(**raw["sender"]["party"])})
        raw["recipient"] = Party(**raw["recipient"])
        raw["patient"] = Treated(raw["patient"]["name"], _day(raw["patient"]["born_on"]))
        raw["look"] = _look(raw.get("look") or {})
        raw["euro_rate"] = Decimal(raw["euro_rate"]) if raw.get("euro_rate") else None
        raw["lines"] = tuple(_line(line) for line in raw["lines"])
        raw["vat"] = tuple(VatShare(**{name: Decimal(value) for name, value in share.items()}) for share in raw["vat"])
        for field in fields(cls):
            if field.name in raw and field.type in READ:
                raw[field.name] = READ[field.type](raw[field.name])
        return cls(**raw)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _look(raw: dict[str, Any]) -> Look:
    return Look(**raw | {name: Decimal(raw[name]) for name in ("offset_x", "offset_y") if name in raw})


def _line(raw: dict[str, Any]) -> Line:
    return Line(
        on=date.fromisoformat(raw["on"]),
        tariff=raw["tariff"],
        code=raw["code"],
        text=raw["text"],
        quantity=Decimal(raw["quantity"]),
        unit_price=Decimal(raw["unit_price"]),
        amount=Decimal(raw["amount"]),
        vat_rate=None if raw["vat_rate"] is None else Decimal(raw["vat_rate"]),
    )
