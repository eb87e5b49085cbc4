"""Places where the practice works."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from optamed.core.errors import DomainError
from optamed.practice.models import BankAccount, PracticeAddress, User
from optamed.practice.services import records


class AddressFacts(TypedDict, total=False):
    """Lengths are those of form 5.0: 35 characters for street and town, 70 for the name on letters."""

    label: str
    name: str
    street: str
    house_no: str
    postcode: str
    town: str
    canton: str
    country: str
    phone: str
    email: str
    gln: str
    account: BankAccount | None


@transaction.atomic
def create(*, by: User, **facts: Unpack[AddressFacts]) -> PracticeAddress:
    return records.store(PracticeAddress(), facts, by=by)


@transaction.atomic
def update(*, address: PracticeAddress, by: User, **facts: Unpack[AddressFacts]) -> PracticeAddress:
    """Consultations keep the address they were made with until a correction is taken over."""
    return records.store(address, facts, by=by)


@transaction.atomic
def archive(*, address: PracticeAddress, by: User) -> PracticeAddress:
    """Raises DomainError for the last one: an invoice needs a place."""
    if not PracticeAddress.objects.active().exclude(pk=address.pk).exists():
        raise DomainError(_("The practice needs at least one address. Add the new one first."))
    return records.put_away(address, by=by)


@transaction.atomic
def restore(*, address: PracticeAddress, by: User) -> PracticeAddress:
    return records.take_back(address, by=by)
