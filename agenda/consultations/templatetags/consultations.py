"""Tags of the lines: binding texts in the user's language, prices as they stand on the screen."""

import json
import re
from decimal import Decimal
from typing import Any

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from agenda.consultations.models import ConsultationLine
from optamed.core import money
from optamed.practice.models import TariffPosition

register = Library()

SHORT = 64
UNIT = re.compile(r",\s*(par période de|pro|ogni) 5 ?[Mm]in\.$")


@register.simple_tag
def binding_text(position: TariffPosition) -> str:
    """The text of the tariff, in the user's language."""
    return position.text_in(get_language() or "de")


@register.simple_tag
def moved(old: dict[str, str], new: dict[str, str]) -> tuple[str, str]:
    """What differs between two addresses of the practice, as it was and as it is today."""
    pairs = zip(_address_parts(old), _address_parts(new), strict=True)
    differing = [(before, after) for before, after in pairs if before != after]
    was, is_now = (", ".join(part for part in parts if part) or "–" for parts in zip(*differing, strict=True))
    return was, is_now


def _address_parts(address: dict[str, str]) -> list[str]:
    street = f"{address['street']} {address['house_no']}".strip()
    town = f"{address['postcode']} {address['town']}"
    gln = address["gln"]
    kept = [address["name"], street, town, address["canton"], address["country"], address["phone"], address["email"]]
    return [*kept, f"GLN {gln}" if gln else ""]


@register.simple_tag
def tariff_text(position: TariffPosition | None) -> str | SafeString:
    """Short on the screen, the full binding text on hover and, for a finger or the keyboard, behind the dots."""
    return "–" if position is None else _short(position.text_in(get_language() or "de"), f"text-{position.code}")


@register.simple_tag
def line_text(line: ConsultationLine) -> str | SafeString:
    """The text of a stored line."""
    return _short(line.text_in(get_language() or "de"), f"line-{line.pk}")


def _short(text: str, key: str) -> str | SafeString:
    plain = UNIT.sub("", text)  # the quantity beside it says the same
    if len(plain) <= SHORT:
        return format_html('<span title="{}">{}</span>', text, plain)
    return format_html(
        '<span title="{text}">{short}</span> <button type="button" class="btn-inline" popovertarget="{key}" '
        'aria-label="{text}">…</button><span id="{key}" popover class="palette border-0 p-3">{text}</span>',
        text=text,
        short=plain[:SHORT].rsplit(" ", 1)[0],
        key=key,
    )


@register.simple_tag
def shown_price(form: Any) -> str:
    """The price as it was typed, or as it is stored."""
    value = form["unit_price"].value()
    return money.swiss(value) if isinstance(value, Decimal) else value or ""


@register.simple_tag
def own_text_vals(words: str) -> str:
    """What the option "own text" sends, for an attribute."""
    return json.dumps({"add": f"text:{words}"})
