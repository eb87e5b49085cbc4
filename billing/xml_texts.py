"""The texts of a request as the XML can carry them: tidied, without what XML 1.0 forbids, in its pieces. Pure.

Fields hold 35 characters where a letter has room for 70, so a long company goes on in the element of the department.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.request import Balance, Contact, InvoiceRequest, VatLine

FIELD = 35  # characters, of nearly every field of an address

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")  # controls: XML 1.0 forbids most, nobody has typed one
_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")


def tidy(request: InvoiceRequest) -> InvoiceRequest:
    """The request as it will stand in the file: blanks around texts and controls gone, accents composed,

    the instant to the second, a country everywhere, and the rate of no VAT where none is given.
    """
    found: InvoiceRequest = _tidied(request)
    return found


def _tidied(value: Any) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", value))).strip()
        case datetime():
            return value.replace(microsecond=0)
        case tuple():
            return tuple(_tidied(part) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return _complete(replace(value, **{part.name: _tidied(getattr(value, part.name)) for part in fields(value)}))


def _complete(value: Any) -> Any:
    match value:
        case Contact(country=""):
            return replace(value, country="CH")
        case Balance(vat=()):
            return replace(value, vat=(VatLine(Decimal(0), value.amount, Decimal("0.00")),))
        case _:
            return value


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value that is no record itself, with its dotted path: ``services.0.name``."""
    if isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from leaves(part, f"{path}.{index}")
    elif is_dataclass(value):
        for part in fields(value):
            yield from leaves(getattr(value, part.name), f"{path}.{part.name}" if path else part.name)
    else:
        yield path, value


def forbidden(text: str) -> str:
    """The first character that no XML can carry, or nothing."""
    found = _FORBIDDEN.search(text)
    return found[0] if found else ""


def halves(company: str) -> tuple[str, str]:
    """A name in two elements, cut behind the last blank that leaves 35 characters in front; the second may be empty.

    The blank stays at the end of the first half and says that the name goes on. A name that cannot be cut comes whole.
    """
    if len(company) <= FIELD:
        return company, ""
    cut = company.rfind(" ", 0, FIELD) + 1
    return (company[:cut], company[cut:]) if cut else (company, "")


def street_line(contact: Contact) -> str:
    """Street and number for reading; the street alone where both are too long: the number has its own attribute."""
    line = f"{contact.street} {contact.house_no}".strip()
    return line if len(line) <= FIELD else contact.street
