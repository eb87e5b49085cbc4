"""Bank accounts for the QR-bill."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from optamed.core import identifiers
from optamed.core.errors import DomainError
from optamed.practice.models import BankAccount, User
from optamed.practice.services import records


class AccountFacts(TypedDict, total=False):
    """The holder as on the QR-bill: name 70, street 70, house number 16, postcode 16, town 35 characters."""

    label: str
    iban: str
    slip: str
    holder: str
    street: str
    house_no: str
    postcode: str
    town: str
    country: str
    qrr_prefix: str


def slip_for(iban: str, wished: str) -> str:
    """The reference that goes with an account: a QR-IBAN takes QRR only, an IBAN never (IG QR-bill 2.3, 4.2.2)."""
    if identifiers.is_qr_iban(iban):
        return BankAccount.Slip.QRR
    return BankAccount.Slip.SCOR if wished == BankAccount.Slip.QRR else wished


@transaction.atomic
def create(*, by: User, **facts: Unpack[AccountFacts]) -> BankAccount:
    """The first account is the one used by default. ValueError for an IBAN that is none."""
    account = records.store(BankAccount(), _fitting(BankAccount(), facts), by=by)
    if not BankAccount.objects.filter(is_default=True).exists():
        make_default(account=account, by=by)
    return account


@transaction.atomic
def update(*, account: BankAccount, by: User, **facts: Unpack[AccountFacts]) -> BankAccount:
    return records.store(account, _fitting(account, facts), by=by)


@transaction.atomic
def make_default(*, account: BankAccount, by: User) -> BankAccount:
    """From now on invoices name this account, unless the therapist has an own one."""
    if account.archived_at:
        raise DomainError(_("This account is archived. Take it back first."))
    BankAccount.objects.filter(is_default=True).exclude(pk=account.pk).update(is_default=False)
    return records.store(account, {"is_default": True}, by=by)


@transaction.atomic
def archive(*, account: BankAccount, by: User) -> BankAccount:
    """Raises DomainError for the account used by default."""
    if account.is_default:
        raise DomainError(_("Invoices use this account. Choose another one as default first."))
    return records.put_away(account, by=by)


@transaction.atomic
def restore(*, account: BankAccount, by: User) -> BankAccount:
    return records.take_back(account, by=by)


def _fitting(account: BankAccount, facts: AccountFacts) -> AccountFacts:
    iban = identifiers.clean_iban(facts.get("iban", account.iban))
    slip = slip_for(iban, facts.get("slip", account.slip))
    return {**facts, "iban": iban, "slip": slip}
