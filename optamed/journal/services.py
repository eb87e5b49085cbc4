"""Writing the journal: an entry beside the change, and the drainer that chains entries into the file."""

from typing import Protocol

from django.conf import settings
from django.db import models

from optamed.core import dates
from optamed.journal import chain
from optamed.journal.models import PendingEntry


class Actor(Protocol):
    """Whoever did it: anything with a primary key."""

    pk: int


def record(*, verb: str, subject: models.Model, by: Actor | None) -> PendingEntry:
    """One entry, inside the calling service's own transaction."""
    return PendingEntry.objects.create(
        at=dates.now(),
        user_id=by.pk if by else None,
        verb=verb,
        subject=subject._meta.label_lower,  # noqa: SLF001  Django's own name of a kind
        subject_id=subject.pk,
    )


def drain(*, batch: int = 500) -> int:
    """Chain what waits. File first, then the database: a crash between the two repeats harmlessly."""
    drained = 0
    while rows := list(PendingEntry.objects.order_by("pk")[:batch]):
        drained += chain.append(settings.JOURNAL_FILE, [_entry(row) for row in rows])
        PendingEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return drained


def _entry(row: PendingEntry) -> chain.Entry:
    return chain.Entry(
        key=str(row.key),
        at=row.at.isoformat(),
        user_id=row.user_id,
        verb=row.verb,
        subject=row.subject,
        subject_id=row.subject_id,
    )
