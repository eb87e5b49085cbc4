"""What the letters of a practice share: head, address, accent and pictures, for both kinds of Swiss windows."""

import base64
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from django.template import Context, Engine
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.document import InvoiceDocument
from billing.qr_bill import Party
from billing.slip import text_width
from optamed.core import palette, pdf
from optamed.core.errors import DomainError

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
SHEETS = TEMPLATES / "billing" / "sheets"
MM = 72 / 25.4  # points
SENDER_SIZE, SENDER_WIDTH = 8.5, 98  # points and mm: the sender stays beside a window on the right

Pictures = Mapping[str, tuple[str, bytes]]
NO_PICTURES: Pictures = MappingProxyType({})


def page(template: str, context: Mapping[str, object], *styles: str) -> pdf.Job:
    """A page of templates/billing/sheets with its style sheets, for ``optamed.core.pdf``."""
    html = _engine().get_template(f"billing/sheets/{template}").render(Context(dict(context), use_l10n=False))
    return pdf.Job(html=html, css="\n".join(_style(name) for name in styles))


def drawn(job: pdf.Job) -> bytes:
    """The PDF. DomainError where a font or image of the program is gone; PdfUnavailableError where Pango is missing."""
    try:
        return pdf.render(job.html, css=job.css)
    except pdf.AssetRefusedError as error:
        sentence = _("Files of the program are missing, so no document can be made. Install OptaMed again. (%(files)s)")
        raise DomainError(sentence % {"files": error}) from error


def head_of(document: InvoiceDocument, words: dict[str, str], pictures: Pictures) -> dict[str, object]:
    """What letter_head.html draws. DomainError where the logo is not among the pictures."""
    look = document.look
    return {
        "document": document,
        "language": document.language,
        "words": words,
        "window": "left" if look.window == "left" else "right",
        "accent": readable(look.accent),
        "logo": picture(look.logo, pictures),
        "sender": document.sender,
        "sender_lines": sender_lines(document, words),
        "recipient_lines": address(document.recipient),
    }


def sender_lines(document: InvoiceDocument, words: dict[str, str]) -> list[str]:
    """Who treated, where, how to reach them, and the numbers. Beside a left window each has a line of its own."""
    sender = document.sender
    who = (sender.therapist, sender.profession)
    place = ", ".join(address(sender.party)[1:])
    reach = (sender.phone, sender.email)
    numbers = (
        f"{words['rcc']} {sender.rcc}" if sender.rcc else "",
        f"GLN {sender.gln}" if sender.gln else "",
        f"{sender.vat_number} {words['vat']}" if sender.vat_number else "",
    )
    if document.look.window == "left":
        return [line for line in (*who, *address(sender.party)[1:], *reach, *numbers) if line]
    joined = listed(place, *reach)
    fits = text_width(joined, SENDER_SIZE) <= SENDER_WIDTH * MM
    middle = (joined,) if fits else (place, listed(*reach))
    return [line for line in (listed(*who, mark=", "), *middle, listed(*numbers)) if line]


def picture(sha256: str, pictures: Pictures) -> str:
    """A data: address, empty where none is wanted. DomainError where it is wanted and not there."""
    if not sha256:
        return ""
    if sha256 not in pictures:
        raise DomainError(
            _(
                "The logo or signature of this invoice is no longer there. "
                "Add the same file again in the settings of invoices, or bring back a backup."
            ),
            link=reverse("billing:style"),
            label=_("Settings of invoices"),
        )
    mime, data = pictures[sha256]
    return data_address(mime, data)


def data_address(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


@cache
def readable(accent: str) -> str:
    """The accent dark enough to be read on white (WCAG 2.2, 1.4.3); ValueError where it is no colour."""
    return palette.derive(accent).light if accent else ""


def paragraphs(text: str) -> list[str]:
    """Parted at empty lines; single breaks stay inside."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def address(party: Party) -> list[str]:
    """Name, street, town as the post wants them; the country only in front of foreign postcodes."""
    abroad = "" if party.country == "CH" else f"{party.country}-"
    way = f"{party.street} {party.house_no}".strip()
    return [line for line in (party.name, way, f"{abroad}{party.postcode} {party.town}".strip()) if line]


def listed(*parts: str, mark: str = " · ") -> str:
    return mark.join(part for part in parts if part)


def day(on: date) -> str:
    return f"{on:%d.%m.%Y}"


def plain(number: Decimal) -> str:
    """1.5 and 2, without closing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _engine() -> Engine:
    """An engine of its own: a letter knows neither the screen's language nor the request."""
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


@cache
def _style(name: str) -> str:
    return (SHEETS / name).read_text(encoding="utf-8")
