"""The books leave the program: the journal says what, when and by whom. And what the accounts are called."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from billing.bookkeeping import Account
from optamed.journal import services as journal
from optamed.practice.models import User
from patients.models import Patient

NAMES: Mapping[Account, StrOrPromise] = {
    Account.CASH: _("Cash"),
    Account.BANK: _("Bank"),
    Account.CARD: _("Card payments"),
    Account.TWINT: _("TWINT"),
    Account.RECEIVABLES: _("Receivables"),
    Account.VAT: _("VAT due"),
    Account.INCOME: _("Income from services"),
    Account.DISCOUNTS: _("Discounts"),
    Account.LOSSES: _("Losses"),
    Account.ROUNDING: _("Rounding differences"),
}


@transaction.atomic
def note_export(*, by: User) -> None:
    """The journal of a period was taken out."""
    journal.record(verb="exported books", subject=by, by=by)


@transaction.atomic
def note_statement(*, patient: Patient, by: User) -> None:
    """A patient's yearly statement was drawn."""
    journal.record(verb="drew statement", subject=patient, by=by)


@transaction.atomic
def note_statements(*, by: User) -> None:
    """The statements of all who paid in a year were drawn."""
    journal.record(verb="drew statements", subject=by, by=by)


def packed(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A ZIP that is written while it is read, so that it begins at once and memory stays flat."""
    basket = _Basket()
    with zipfile.ZipFile(basket, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            archive.writestr(name, content)
            yield basket.fetch()
    yield basket.fetch()


class _Basket:
    """What the archive has written and nobody has fetched yet. It cannot go back, so the archive does not try."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def fetch(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken
