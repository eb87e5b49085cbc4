"""The practice's own facts. Issued invoices keep what stood when they were issued."""

from typing import TypedDict, Unpack

from django.db import transaction

from optamed.practice.models import Practice, User
from optamed.practice.services import records

THE_ONE = 1


class PracticeFacts(TypedDict, total=False):
    """Payment term in days, idle time in minutes; the colour as #0f766e."""

    name: str
    language: str
    uid: str
    colour: str
    payment_days: int
    idle_minutes: int


@transaction.atomic
def set_up(*, by: User | None, **facts: Unpack[PracticeFacts]) -> Practice:
    """Make the practice, or change it when it exists; what is not named stays as it is."""
    practice = Practice.objects.filter(pk=THE_ONE).first() or Practice(pk=THE_ONE)
    return records.store(practice, facts, by=by)
