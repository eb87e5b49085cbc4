"""Days in words, in the user's language. How a language writes them stands in its catalogue, under "date format"."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

from optamed.core import dates


def written(day: date, pattern: str) -> str:
    """A day by a pattern of the catalogue. Italian writes days and months small, which Django does not know."""
    text = date_format(day, pattern)
    return text.lower() if get_language() == "it" else text


def day_in_words(day: date) -> str:
    """Tuesday 24 November; mardi 24 novembre; Dienstag, 24. November."""
    return written(day, pgettext("date format", "l j F"))


def short_day(day: date) -> str:
    """Tue 24.11.; mar. 24.11.; Di. 24.11."""
    return written(day, pgettext("date format", "D d.m."))


def short_moment(instant: datetime) -> str:
    """Tue 24.11. 10:00, by the clock in Zurich."""
    wall = dates.local(instant)
    return f"{short_day(wall)} {wall:%H:%M}"
