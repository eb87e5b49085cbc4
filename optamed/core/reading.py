"""What people type, read: days, times of day, amounts. Pure; each raises ValueError when it cannot be read.

What stands in an address line is read too; there nonsense is nothing said, and no error.
"""

import re
from datetime import date, time
from decimal import Decimal

_DAY = re.compile(r"(\d{1,2})[.,/\- ](\d{1,2})[.,/\- ](\d{4}|\d{2})")
_DAY_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.,hH](\d{2})?|(\d{2}))?h?")
_GAPS = re.compile(r"[\s'’‘`´_]")
_AMOUNT = re.compile(
    r"[+\-−]?\d{1,15}(?:\.\d{1,15})?"
)  # more digits than any practice turns over, and fewer than Decimal's
YEARS = range(1850, 2151)  # outside of them a day is a slip of the finger, and calendars run over
MOST_DIGITS = 18  # a longer number is no key of any table
MOST_LETTERS = 100


def day(text: str, *, today: date, past: bool = False) -> date:
    """24.11.2026, 24.11.26, 24/11/2026, 24-11-2026, 24112026, 2026-11-24.

    Two digits of a year mean the century that is nearer: up to ten years ahead of ``today``; with ``past`` (birth
    dates) never ahead.
    """
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in iso.groups())
        return _known(date(year, month, number))
    found = _DAY.fullmatch(text) or _DAY_RUN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    number, month, year = (int(part) for part in found.groups())
    if len(found[3]) == len("2026"):
        return _known(date(year, month, number))
    return _in_century(year, month, number, today=today, past=past)


def _known(found: date) -> date:
    if found.year not in YEARS:
        raise ValueError(found)
    return found


def _in_century(year: int, month: int, number: int, *, today: date, past: bool) -> date:
    latest = today.year if past else today.year + 10
    full = latest - (latest - year) % 100
    if past and (full, month, number) > (today.year, today.month, today.day):
        full -= 100
    return date(full, month, number)


def clock(text: str) -> time:
    """10:07, 10.07, 10h07, 1007, 930, 10, 9h."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hour, after_mark, run_on = found.groups()
    return time(int(hour), int(after_mark or run_on or 0))


def amount(text: str) -> Decimal:
    """1'234.50, 1’234,50, 1 234.5, CHF 12.–, -5.

    The last of dot and comma is the decimal mark; more than two places are refused.
    """
    plain = re.sub(r"(?i)\b(chf|fr)\b\.?", "", text)
    plain = _GAPS.sub("", re.sub(r"[.,][-–—]+$", "", plain.strip()))
    if "." in plain and "," in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".")
    if not _AMOUNT.fullmatch(plain):
        raise ValueError(text)
    number = Decimal(plain.replace("−", "-"))
    if number != round(number, 2):
        raise ValueError(text)
    return number.quantize(Decimal("0.01"))


def key(text: str | None) -> int | None:
    """The number of a record in an address line; None for anything else."""
    return int(text) if text and text.isdecimal() and len(text) <= MOST_DIGITS else None


def words(text: str | None) -> str:
    """What is searched for: a hundred characters at most, none that steers a terminal or ends a text in a database."""
    return "".join(sign if sign.isprintable() else " " for sign in (text or "")[:MOST_LETTERS]).strip()
