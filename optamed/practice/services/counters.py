"""Taking the next number of a series."""

from django.db import transaction
from django.db.models import F

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
        raise DomainError("The numbers already given reach further.")
