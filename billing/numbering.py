"""The label of an invoice's number by the practice's pattern, and the counter that gives it. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

LETTER = "F"
MOST_LETTERS = 4


@dataclass(frozen=True)
class Series:
    """A row of numbers without gaps: the name of its counter, and what stands before the number."""

    counter: str
    prefix: str

    def label(self, serial: int) -> str:
        return f"{self.prefix}-{serial:05d}"


def series_of(pattern: str, *, on: date, letters: str) -> Series:
    """``pattern`` is plain, year or therapist; ``letters`` are the therapist's, of which there is at least one."""
    match pattern:
        case "year":
            return Series(f"{LETTER}{on.year}", f"{LETTER}-{on.year}")
        case "therapist":
            return Series(f"{LETTER}-{letters}", f"{LETTER}-{letters}")
        case _:
            return Series(LETTER, LETTER)


def letters_of(series: str, first_name: str, last_name: str, key: int) -> str:
    """The therapist's own letters, otherwise the initials; T7 for a name without Latin letters."""
    initials = _latin(first_name)[:1] + _latin(last_name)[:1]
    return series or initials[:MOST_LETTERS] or f"T{key}"


def _latin(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).upper()
    return "".join(re.findall(r"[A-Z]", plain))
