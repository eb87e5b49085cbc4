"""The first run: the owner, and with the owner the practice."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from optamed.core.errors import DomainError
from optamed.practice import first_run
from optamed.practice.models import BankAccount, PracticeAddress, Therapist, User
from optamed.practice.services import accounts, addresses, practices, prices, recovery, therapists, users


def make_owner(*, name: str, email: str, password: str, language: str) -> tuple[User, list[str]]:
    """The first account, and its recovery codes; the first run is closed for good. DomainError when there is one."""
    with transaction.atomic():
        if User.objects.exists():
            raise DomainError(_("This practice has its owner already. Please sign in."))
        owner = users.create(name=name, email=email, password=password, language=language, is_owner=True, by=None)
        practices.set_up(name=name, language=language, by=owner)
        codes = recovery.renew(user=owner, by=owner)
    first_run.close(settings.FIRST_RUN_TOKEN_FILE)
    return owner, codes


@transaction.atomic
def place(*, address: PracticeAddress | None, name: str, by: User, **facts: Any) -> PracticeAddress:
    """The practice under its name, and its first address; the address when it was entered before."""
    practices.set_up(name=name, by=by)
    whole = {"name": name, "label": facts.get("town", name)[:40]} | facts
    if address is None:
        return addresses.create(by=by, **whole)
    return addresses.update(address=address, by=by, **whole)


@transaction.atomic
def therapist(
    *,
    known: Therapist | None,
    address: PracticeAddress | None,
    rcc: str = "",
    hourly: Decimal | None = None,
    by: User,
    **facts: Any,
) -> Therapist:
    """The owner as a therapist, at the first address, with a price per hour in CHF."""
    if known is None:
        made = therapists.create(by=by, user=by, **facts)
        users.update(user=by, is_therapist=True, by=by)
    else:
        made = therapists.update(therapist=known, by=by, **facts)
    if address is not None:
        therapists.work_at(therapist=made, address=address, rcc=rcc, by=by)
    if hourly is not None:
        prices.set_price(therapist=made, code=prices.EVERY_PERIOD, price=prices.per_period(hourly), by=by)
    return made


@transaction.atomic
def account(*, account: BankAccount | None, address: PracticeAddress | None, by: User, **facts: Any) -> BankAccount:
    """The account that the QR-bill names, its holder at the practice's address."""
    whole = {"label": facts["holder"][:40]} | facts
    if address is not None:
        whole |= {name: getattr(address, name) for name in ("street", "house_no", "postcode", "town")}
    if account is None:
        return accounts.create(by=by, **whole)
    return accounts.update(account=account, by=by, **whole)
