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
    """Let a series go on at a number; it may only go up, or a number would be given twice. What is skipped is noted."""
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    if next_number <= counter.last:
        sentence = _("Number %(last)s is given already. The next one can only be higher.")
        raise DomainError(sentence % {"last": counter.last})
    if next_number > counter.last + 1:
        counter.skipped.append([counter.last + 1, next_number - 1])
    counter.last = next_number - 1
    counter.save(update_fields=["last", "skipped"])


def next_of(*, name: str) -> int:
    """The number that ``take`` would give now; nothing is taken."""
    return (Counter.objects.filter(name=name).values_list("last", flat=True).first() or 0) + 1
