"""Run apart, as processes of their own: ``prepare N`` makes drafts, ``issue K OF`` issues every K-th."""

# ruff: noqa: E402, PLC0415  Django is set up first

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "optamed.settings"
os.environ["OPTAMED_TESTING"] = "1"
django.setup()

from django.core.management import call_command

from billing.models import Invoice
from billing.services import invoicing
from optamed.core import dates
from tests import factories


def prepare(count: int) -> None:
    call_command("migrate", verbosity=0)
    world = factories.World()
    patient = world.patient()
    for _ in range(count):
        world.draft(patient=patient)


def issue(share: int, shares: int) -> None:
    for invoice in Invoice.objects.drafts().order_by("pk"):
        if invoice.pk % shares == share:
            invoicing.number(invoice=invoice, on=dates.today(), by=None, mail=False)


def report() -> None:
    from optamed.practice.models import Counter

    issued = Invoice.objects.issued()
    numbers = sorted(int(number[2:]) for number in issued.values_list("number", flat=True))
    last = Counter.objects.filter(name="F").values_list("last", flat=True).first() or 0
    whole = issued.exclude(document="").exclude(reference="").count()
    print(len(numbers), numbers == list(range(1, len(numbers) + 1)), last, whole, Invoice.objects.drafts().count())


if __name__ == "__main__":
    verb, *numbers = sys.argv[1:]
    {"prepare": prepare, "issue": issue, "report": report}[verb](*map(int, numbers))
