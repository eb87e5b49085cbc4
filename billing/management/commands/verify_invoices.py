"""Looks whether the invoices are whole: the bytes of each sheet as they were stored, the numbers without gaps."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.models import Cancellation, Invoice, Sheet


class Command(BaseCommand):
    help = "Verifies the sheets of all invoices against their SHA-256, and that no number is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [*_changed_sheets(), *_missing("F", _numbers(Invoice)), *_missing("S", _numbers(Cancellation))]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Faults found: {len(faults)}.")
        self.stdout.write(f"All is whole: {Sheet.objects.count()} sheets verified, no number is missing.")


def _changed_sheets() -> Iterator[str]:
    for sheet in Sheet.objects.select_related("invoice").iterator(chunk_size=100):
        if hashlib.sha256(sheet.pdf).hexdigest() != sheet.sha256:
            yield f"{sheet.invoice}: the stored paper is not the one that was issued."


def _numbers(kind: type[Invoice] | type[Cancellation]) -> list[str]:
    return [number for number in kind.objects.values_list("number", flat=True).iterator() if number]


def _missing(series: str, numbers: Iterable[str]) -> list[str]:
    """A series may start anywhere, since a practice may come from another program; inside it nothing is missing."""
    serials = {int(number.removeprefix(f"{series}-")) for number in numbers if number.startswith(f"{series}-")}
    if not serials:
        return []
    gaps = sorted(set(range(min(serials), max(serials) + 1)) - serials)
    return [f"Number {series}-{gap:05d} is missing." for gap in gaps]
