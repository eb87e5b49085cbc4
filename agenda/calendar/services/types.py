"""Services that can be booked: making, changing, archiving."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from agenda.calendar.models import AppointmentType, SuggestedLine
from optamed.core import dates
from optamed.journal import services as journal
from optamed.practice.models import Product, User


@dataclass(frozen=True, slots=True)
class Suggested:
    """A line the service suggests: a code of the tariff or a product, and how many of its units."""

    quantity: Decimal
    code: str = ""
    product: Product | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service is. Minutes; the fee in CHF."""

    name: str
    minutes: int
    buffer_before: int = 0
    buffer_after: int = 0
    is_first_visit: bool = False
    missed_fee: Decimal = Decimal(0)


@transaction.atomic
def create(*, service: Service, lines: Sequence[Suggested], by: User) -> AppointmentType:
    """A new service with the lines it suggests."""
    return _store(AppointmentType(), service, lines, verb="created", by=by)


@transaction.atomic
def change(*, type: AppointmentType, service: Service, lines: Sequence[Suggested], by: User) -> AppointmentType:  # noqa: A002
    """From now on; appointments and consultations that exist stay as they are."""
    return _store(type, service, lines, verb="changed", by=by)


@transaction.atomic
def archive(*, type: AppointmentType, by: User) -> AppointmentType:  # noqa: A002
    """No longer offered; what was booked with it keeps it."""
    return _mark(type, verb="archived", by=by)


@transaction.atomic
def restore(*, type: AppointmentType, by: User) -> AppointmentType:  # noqa: A002
    """Offered again."""
    return _mark(type, verb="restored", by=by)


def _store(
    record: AppointmentType, service: Service, lines: Sequence[Suggested], *, verb: str, by: User
) -> AppointmentType:
    record.name, record.minutes = service.name, service.minutes
    record.buffer_before, record.buffer_after = service.buffer_before, service.buffer_after
    record.is_first_visit, record.missed_fee = service.is_first_visit, service.missed_fee
    record.save()
    record.suggested_lines.all().delete()
    SuggestedLine.objects.bulk_create(
        SuggestedLine(type=record, code=line.code, product=line.product, quantity=line.quantity) for line in lines
    )
    journal.record(verb=verb, subject=record, by=by)
    return record


def _mark(record: AppointmentType, *, verb: str, by: User) -> AppointmentType:
    record.archived_at = dates.now() if verb == "archived" else None
    record.save(update_fields=["archived_at"])
    journal.record(verb=verb, subject=record, by=by)
    return record
