"""Counters without gaps."""

from django.db import models


class Counter(models.Model):
    """P patients, C consultations, F invoices, S cancellations. The row is the lock; a rollback takes a number back."""

    name = models.CharField(max_length=12, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"
