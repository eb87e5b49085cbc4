"""Counters without gaps."""

from django.db import models


class Counter(models.Model):
    """P patients, C consultations, F invoices, S cancellations. The row is the lock; a rollback takes a number back.

    ``skipped`` holds the numbers that nobody gets because a later start was chosen: first and last of each time.
    """

    name = models.CharField(max_length=12, unique=True)
    last = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"
