"""The numbers of invoices and counter-documents: their series, their counters, and what is missing in one. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LETTER, STORNO = "F", "S"
MOST_LETTERS = 4

Span = tuple[int, int]  # the first and the last of several numbers


@dataclass(frozen=True)
class Series:
    """A row of numbers without gaps, by what stands before the number: F, F-2026, F-CM, S."""

    prefix: str

    @property
    def counter(self) -> str:
        """The name of its counter: F, F2026, F-CM, S."""
        letter, _dash, rest = self.prefix.partition("-")
        return f"{letter}{rest}" if rest.isdecimal() else self.prefix

    def label(self, serial: int) -> str:
        return f"{self.prefix}-{serial:05d}"


def series_behind(counter: str) -> Series | None:
    """The series of a counter; None for one that numbers neither invoices nor counter-documents."""
    if re.fullmatch(rf"{LETTER}\d{{4}}", counter):
        return Series(f"{LETTER}-{counter[1:]}")
    return Series(counter) if counter in (LETTER, STORNO) or counter.startswith(f"{LETTER}-") else None


def unexplained(missing: Iterable[Span], skipped: Iterable[Span]) -> list[Span]:
    """What is left of missing numbers without those that were skipped on purpose."""
    left = list(missing)
    for first, last in skipped:
        left = [
            part for span in left for part in ((span[0], min(span[1], first - 1)), (max(span[0], last + 1), span[1]))
        ]
        left = [span for span in left if span[0] <= span[1]]
    return left


def series_of(pattern: str, *, on: date, letters: str) -> Series:
    """``pattern`` is plain, year or therapist; ``letters`` are the therapist's, of which there is at least one."""
    match pattern:
        case "year":
            return Series(f"{LETTER}-{on.year}")
        case "therapist":
            return Series(f"{LETTER}-{letters}")
        case _:
            return Series(LETTER)


def letters_of(series: str, first_name: str, last_name: str, key: int) -> str:
    """The therapist's own letters, otherwise the initials; T7 for a name without Latin letters."""
    initials = _latin(first_name)[:1] + _latin(last_name)[:1]
    return series or initials[:MOST_LETTERS] or f"T{key}"


def _latin(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).upper()
    return "".join(re.findall(r"[A-Z]", plain))
