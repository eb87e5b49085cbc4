"""Entries on their way into the journal file."""

import uuid

from django.db import models


class PendingEntry(models.Model):
    """An entry that waits for the drainer. The user is a plain number: the journal outlives accounts."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    subject_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.subject_id}"
