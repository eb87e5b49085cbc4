"""When a therapist works where, week by week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from django.db import transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from agenda.calendar.models import WorkingHours
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import PracticeAddress, Therapist, User


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A weekday (Monday is 0) from a time to a time."""

    weekday: int
    opens: time
    closes: time


USUAL = tuple(
    span for weekday in range(5) for span in (Span(weekday, time(8), time(12)), Span(weekday, time(13, 30), time(18)))
)


@transaction.atomic
def set_week(*, therapist: Therapist, address: PracticeAddress, spans: Sequence[Span], by: User) -> None:
    """The week of a therapist at an address, instead of the one before. Hours with dates of validity stay.

    DomainError when two spans overlap, here or with another address: nobody works in two places at once.
    """
    lasting = WorkingHours.objects.filter(therapist=therapist, valid_from=None, valid_to=None)
    elsewhere = lasting.exclude(address=address)
    _check([*spans, *(Span(row.weekday, row.opens, row.closes) for row in elsewhere)])
    lasting.filter(address=address).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(therapist=therapist, address=address, weekday=span.weekday, opens=span.opens, closes=span.closes)
        for span in spans
    )
    journal.record(verb="hours changed", subject=therapist, by=by)


def _check(spans: Iterable[Span]) -> None:
    ordered = sorted(spans)
    for span in ordered:
        if span.closes <= span.opens:
            raise DomainError(_("%(day)s: the end is before the start.") % {"day": WEEKDAYS[span.weekday]})
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            sentence = _("%(day)s: two working times overlap, at this address or at another one.")
            raise DomainError(sentence % {"day": WEEKDAYS[one.weekday]})
