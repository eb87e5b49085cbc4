"""Taking in a version of Tarif 590."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from optamed.practice.models import TariffPosition
from optamed.practice.reference import Position


@dataclass(frozen=True, slots=True)
class Taken:
    """How many positions an import made, changed and found as they were."""

    new: int
    changed: int
    same: int


@transaction.atomic
def import_positions(*, rows: Sequence[Position], version: str) -> Taken:
    """Idempotent: a position is known by tariff, code and first day. When it ends is in the data; nothing is deleted.

    Lines keep a copy of text and unit, so what was billed stays as it was.
    """
    known = {(one.tariff, one.code, one.valid_from): one for one in TariffPosition.objects.all()}
    new, changed = [], []
    for row in rows:
        position = known.get((row.tariff, row.code, row.valid_from))
        if position is None:
            new.append(TariffPosition(version=version, **asdict(row)))
        elif _take_over(position, row):
            position.version = version
            changed.append(position)
    TariffPosition.objects.bulk_create(new)
    TariffPosition.objects.bulk_update(changed, ["version", *asdict(rows[0])] if rows else ["version"])
    return Taken(new=len(new), changed=len(changed), same=len(rows) - len(new) - len(changed))


def _take_over(position: TariffPosition, row: Position) -> bool:
    """Whether anything differed."""
    facts = asdict(row)
    differing = {name: value for name, value in facts.items() if getattr(position, name) != value}
    for name, value in differing.items():
        setattr(position, name, value)
    return bool(differing)
