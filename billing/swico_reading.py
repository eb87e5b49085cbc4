"""Reading the billing information of Swico, S1, on bills of others. What is wrong is left out, field by field."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from billing.swico import Terms, VatPart

PART = re.compile(r"(?:[^/\\]|\\.)*")
DAY = re.compile(r"[0-9]{6}")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
Served = tuple[date, date]


@dataclass(frozen=True)
class BillingInformation:
    """What a bill tells: rates in per cent, nets in its currency (None: the whole), terms as discount and days."""

    number: str = ""
    on: date | None = None
    customer: str = ""
    uid: str = ""
    served: Served | None = None
    vat: tuple[VatPart, ...] = ()
    import_vat: tuple[VatPart, ...] = ()
    terms: tuple[Terms, ...] = ()


def read(text: str) -> BillingInformation | None:
    """The information, or None where the text is none of Swico's. A wrong or misplaced field is left out."""
    if not text.startswith("//S1/"):
        return None
    tags = dict(_tags(text.removeprefix("//S1/")))
    return BillingInformation(
        number=_plain(tags.get("10", "")),
        on=_day(tags.get("11", "")),
        customer=_plain(tags.get("20", "")),
        uid=tags.get("30", "") if re.fullmatch(r"[0-9]{9}", tags.get("30", "")) else "",
        served=_served(tags.get("31", "")),
        vat=_pairs(tags.get("32", "")),
        import_vat=_pairs(tags.get("33", "")),
        terms=_terms(tags.get("40", "")),
    )


def _tags(text: str) -> Iterator[tuple[str, str]]:
    """Tags with their values. They rise: one that stands too late is left out, and so is one without a value."""
    parts = _parts(text)
    last = 0
    for tag, value in zip(parts[::2], parts[1::2], strict=False):
        if tag.isdecimal() and int(tag) > last:
            last = int(tag)
            yield tag, value


def _parts(text: str) -> list[str]:
    """Between the slashes that are not escaped."""
    parts, at = [], 0
    while at <= len(text):
        found = PART.match(text, at)
        part = found.group() if found else ""
        parts.append(part)
        at += len(part) + 1
    return parts


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def _day(value: str) -> date | None:
    with suppress(ValueError):
        return datetime.strptime(value, "%y%m%d").date() if DAY.fullmatch(value) else None  # noqa: DTZ007  a day
    return None


def _served(value: str) -> Served | None:
    """A day is a period of one day."""
    first, last = _day(value[:6]), _day(value[6:] or value[:6])
    return (first, last) if first and last else None


def _pairs(value: str) -> tuple[VatPart, ...]:
    """Rates, each with its net; a single rate stands for the whole bill. Nothing of a list in which one is wrong."""
    parts = [part.split(":") for part in value.split(";") if value]
    alone = len(parts) == 1 and len(parts[0]) == 1
    found = [_numbers(part) for part in parts]
    if any(not numbers or len(numbers) != (1 if alone else 2) for numbers in found):
        return ()
    return tuple((numbers[0], None if alone else numbers[1]) for numbers in found)


def _terms(value: str) -> tuple[Terms, ...]:
    found = [_numbers(part.split(":")) for part in value.split(";") if value]
    if any(len(numbers) != 2 or numbers[1] % 1 for numbers in found):  # noqa: PLR2004  a discount and its days
        return ()
    return tuple((discount, int(days)) for discount, days in found)


def _numbers(parts: list[str]) -> list[Decimal]:
    """All of them, or none."""
    with suppress(InvalidOperation):
        return [Decimal(part) for part in parts] if all(NUMBER.fullmatch(part) for part in parts) else []
    return []
