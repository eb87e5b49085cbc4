"""Who treats, and at which places under which RCC number."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import BankAccount, PracticeAddress, Therapist, TherapistPlace, User
from optamed.practice.services import records

# Told apart at a glance in the calendar; each is made readable in light and dark by core.palette.
COLOURS = ("#03726a", "#8b3a8f", "#b45309", "#1d5fbf", "#a8324a", "#4d7c0f", "#5b4bc4", "#6b5b4b")


class TherapistFacts(TypedDict, total=False):
    """Names of at most 35 characters (form 5.0); up to four letters as ``series``; the colour as #0f766e."""

    user: User | None
    title: str
    first_name: str
    last_name: str
    profession: str
    role: str
    gln: str
    series: str
    vat: str
    colour: str
    account: BankAccount | None


@transaction.atomic
def create(*, by: User, **facts: Unpack[TherapistFacts]) -> Therapist:
    """Without a colour, the first that is not taken."""
    facts.setdefault("colour", next_colour())
    return records.store(Therapist(), facts, by=by)


@transaction.atomic
def update(*, therapist: Therapist, by: User, **facts: Unpack[TherapistFacts]) -> Therapist:
    return records.store(therapist, facts, by=by)


@transaction.atomic
def archive(*, therapist: Therapist, by: User) -> Therapist:
    """Past visits stay; the calendar no longer offers the therapist."""
    return records.put_away(therapist, by=by)


@transaction.atomic
def restore(*, therapist: Therapist, by: User) -> Therapist:
    return records.take_back(therapist, by=by)


@transaction.atomic
def work_at(*, therapist: Therapist, address: PracticeAddress, rcc: str = "", by: User) -> TherapistPlace:
    """Let a therapist work at an address; the RCC number belongs to just this pair (SASIS).

    Raises DomainError when another therapist has this number there.
    """
    others = TherapistPlace.objects.filter(address=address, rcc=rcc).exclude(therapist=therapist)
    if rcc and (other := others.first()):
        raise DomainError(_("%(name)s has this RCC number at this address already.") % {"name": other.therapist})
    place, _made = TherapistPlace.objects.update_or_create(therapist=therapist, address=address, defaults={"rcc": rcc})
    journal.record(verb="changed", subject=place, by=by)
    return place


@transaction.atomic
def leave(*, therapist: Therapist, address: PracticeAddress, by: User) -> None:
    """The therapist no longer works there."""
    if place := TherapistPlace.objects.filter(therapist=therapist, address=address).first():
        journal.record(verb="deleted", subject=place, by=by)
        place.delete()


def next_colour() -> str:
    """A colour that no active therapist has, as long as there is one."""
    taken = set(Therapist.objects.active().values_list("colour", flat=True))
    return next((colour for colour in COLOURS if colour not in taken), COLOURS[0])


@transaction.atomic
def save(
    *,
    therapist: Therapist | None,
    facts: TherapistFacts,
    places: Sequence[tuple[PracticeAddress, str | None]],
    by: User,
) -> Therapist:
    """A therapist with all places at once; an RCC number of None means: not there."""
    saved = create(by=by, **facts) if therapist is None else update(therapist=therapist, by=by, **facts)
    for address, rcc in places:
        if rcc is None:
            leave(therapist=saved, address=address, by=by)
        else:
            work_at(therapist=saved, address=address, rcc=rcc, by=by)
    return saved
