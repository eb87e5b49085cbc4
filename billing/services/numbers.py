"""Taking the next number of an invoice, by the pattern the practice chose."""

from dataclasses import dataclass
from datetime import date

from billing import numbering
from billing.models import InvoiceSettings
from optamed.practice.models import Therapist
from optamed.practice.services import counters


@dataclass(frozen=True)
class Number:
    """``label`` is printed; ``digits`` stand for it in a QR reference, eight of them."""

    label: str
    digits: str


def take(*, therapist: Therapist, on: date) -> Number:
    """Unique and without gaps within its series. Inside the transaction that stores the invoice: see ``counters``."""
    pattern = InvoiceSettings.current().pattern
    series = series_for(pattern=pattern, therapist=therapist, on=on)
    serial = counters.take(name=series.counter)
    return Number(series.label(serial), _digits(pattern, serial, therapist=therapist, on=on))


def series_for(*, pattern: str, therapist: Therapist, on: date) -> numbering.Series:
    letters = numbering.letters_of(therapist.series, therapist.first_name, therapist.last_name, therapist.pk)
    return numbering.series_of(pattern, on=on, letters=letters)


def _digits(pattern: str, serial: int, *, therapist: Therapist, on: date) -> str:
    match pattern:
        case InvoiceSettings.Pattern.YEAR:
            return f"{on:%y}{serial:06d}"
        case InvoiceSettings.Pattern.THERAPIST:
            return f"{therapist.pk % 100:02d}{serial:06d}"
        case _:
            return f"{serial:08d}"
