"""Ctrl+K: everything that has a name or a number, a few of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import Invoice
from optamed.core import reading
from patients.models import Patient

EACH = 6
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """A line of the palette."""

    icon: str
    title: str
    meta: str
    url: str


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    label: str
    hits: Sequence[Hit]


def groups(words: str) -> list[Group]:
    """What is found for these words; groups without a hit are left out."""
    if len(words) < SHORTEST:
        return []
    found = [
        Group(_("Patients"), _patients(words)),
        Group(_("Invoices"), _invoices(words)),
        Group(_("Consultations"), _consultations(words)),
    ]
    return [group for group in found if group.hits]


def _patients(words: str) -> list[Hit]:
    found = Patient.objects.active().search(words)[:EACH]
    return [Hit("user", one.list_name, f"{one.birth_on:%d.%m.%Y}", one.get_absolute_url()) for one in found]


def _invoices(words: str) -> list[Hit]:
    found = Invoice.objects.exclude(number__isnull=True).search(words).for_lists()[:EACH]
    return [Hit("receipt-text", str(one), one.patient.list_name, one.get_absolute_url()) for one in found]


def _consultations(words: str) -> list[Hit]:
    number = reading.key(words.upper().removeprefix("C-"))
    if number is None:
        return []
    found = Consultation.objects.filter(number=number).for_lists()
    return [Hit("clipboard-list", one.number_label, one.patient.list_name, one.get_absolute_url()) for one in found]
