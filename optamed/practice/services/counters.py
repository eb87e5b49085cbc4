"""Taking the next number of a series."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from optamed.core.errors import DomainError
from optamed.practice.models import Counter


def take(*, name: str) -> int:
    """The next number, unique and without gaps. Call it inside the transaction that stores what is numbered.

    The update locks the row until that transaction ends; if it is rolled back, so is the number.
    """
    with transaction.atomic():
        if not Counter.objects.filter(name=name).update(last=F("last") + 1):
            Counter.objects.get_or_create(name=name)
            Counter.objects.filter(name=name).update(last=F("last") + 1)
        return Counter.objects.get(name=name).last


@transaction.atomic
def start_at(*, name: str, next_number: int) -> None:
    """Let a series go on at a number; it may only go up, or a number would be given twice."""
    Counter.objects.get_or_create(name=name)
    if not Counter.objects.filter(name=name, last__lt=next_number).update(last=next_number - 1):
        last = Counter.objects.get(name=name).last
        raise DomainError(_("Number %(last)s is given already. The next one can only be higher.") % {"last": last})


def next_of(*, name: str) -> int:
    """The number that ``take`` would give now; nothing is taken."""
    return (Counter.objects.filter(name=name).values_list("last", flat=True).first() or 0) + 1
