"""What the verbs of every record have in common: store, put away, take back, each with its entry in the journal."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from optamed.core import dates
from optamed.journal import services as journal
from optamed.practice.models import User

M = TypeVar("M", bound=models.Model)


def store(record: M, facts: Mapping[str, Any], *, by: User | None) -> M:
    """Write facts into a new or existing record, inside the caller's transaction."""
    verb = "changed" if record.pk else "created"
    for name, value in facts.items():
        setattr(record, name, value)
    record.save()
    journal.record(verb=verb, subject=record, by=by)
    return record


def put_away(record: M, *, by: User) -> M:
    """Archive: it stays on what it was used for, and is offered no more."""
    record.archived_at = dates.now()  # type: ignore[attr-defined]
    record.save(update_fields=["archived_at"])
    journal.record(verb="archived", subject=record, by=by)
    return record


def take_back(record: M, *, by: User) -> M:
    """Offer an archived record again."""
    record.archived_at = None  # type: ignore[attr-defined]
    record.save(update_fields=["archived_at"])
    journal.record(verb="restored", subject=record, by=by)
    return record
