"""What is still missing before the practice can send a valid invoice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from optamed.practice.models import BankAccount, PracticeAddress, Therapist, TherapistPlace, TherapistPrice, User


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the checklist: whether it is done, what it says, and the page (URL name) where it is done."""

    done: bool
    sentence: str
    url_name: str


def checklist() -> Sequence[Check]:
    """Everything, the done included. What other apps need (services, the mailbox) they add themselves."""
    return list(_checks())


def missing() -> Sequence[Check]:
    """Only what is still to do."""
    return [check for check in checklist() if not check.done]


def _checks() -> Iterator[Check]:
    addresses = PracticeAddress.objects.active()
    therapists = Therapist.objects.active()
    unpriced = therapists.exclude(pk__in=TherapistPrice.objects.values("therapist"))
    yield Check(User.objects.filter(is_owner=True).exists(), _("Make the owner's account."), "practice:users")
    yield Check(addresses.exists(), _("Enter the address of the practice."), "practice:addresses")
    yield Check(_all(addresses, addresses.filter(gln="")), _("Enter the GLN of each address."), "practice:addresses")
    yield Check(therapists.exists(), _("Enter who treats."), "practice:therapists")
    yield Check(
        _all(therapists, therapists.filter(gln="")), _("Enter the GLN of each therapist."), "practice:therapists"
    )
    yield Check(_every_rcc(), _("Enter the RCC number of each therapist at each place."), "practice:therapists")
    yield Check(_all(therapists, unpriced), _("Enter the prices of each therapist."), "practice:prices")
    accounts = BankAccount.objects.filter(archived_at__isnull=True)
    yield Check(accounts.exists(), _("Enter the bank account for the QR-bill."), "practice:accounts")


def _all(those: models.QuerySet[Any], lacking: models.QuerySet[Any]) -> bool:
    return those.exists() and not lacking.exists()


def _every_rcc() -> bool:
    places = TherapistPlace.objects.filter(therapist__archived_at__isnull=True, address__archived_at__isnull=True)
    return places.exists() and not places.filter(rcc="").exists()
