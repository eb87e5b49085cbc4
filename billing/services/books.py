"""The books leave the program: the journal says what, when and by whom. And what the accounts are called."""

from collections.abc import Mapping

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
def note_statement(*, patient: Patient, by: User) -> None:
    """A patient's yearly statement was drawn."""
    journal.record(verb="drew statement", subject=patient, by=by)


@transaction.atomic
def note_statements(*, by: User) -> None:
    """The statements of all who paid in a year were drawn."""
    journal.record(verb="drew statements", subject=by, by=by)
