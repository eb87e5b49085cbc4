"""Run apart, as processes of their own: ``prepare N`` makes a started run, ``work`` works it off, ``report`` counts."""

# ruff: noqa: E402  Django is set up first

import os
import sys
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "optamed.settings"
os.environ["OPTAMED_TESTING"] = "1"
django.setup()

from django.core.management import call_command
from django.db.models import Count

from agenda.consultations.models import Consultation
from billing.models import BilledConsultation, BillingRun, Invoice, RunItem
from billing.services import bulk
from optamed.core import dates, pdf
from optamed.practice.models import Counter
from tests import factories


def prepare(count: int) -> None:
    call_command("migrate", verbosity=0)
    world = factories.World()
    for number in range(count):
        world.consultation(patient=world.patient(last_name=f"Aebi{number}"))
    run = bulk.propose(first_day=None, last_day=None, on=dates.today(), by=world.owner)
    bulk.start(run=run, by=world.owner)


def work() -> None:
    """Without papers: they are drawn beside and need a second each. ``worked_at`` of a killed one is made old."""
    pdf.available = lambda: "not here"  # type: ignore[assignment]
    BillingRun.objects.filter(worked_at__isnull=False).update(worked_at=dates.now() - timedelta(minutes=3))
    bulk.work(run_id=BillingRun.objects.get().pk)


def race() -> None:
    """As ``work``, but whoever comes second finds the run taken."""
    pdf.available = lambda: "not here"  # type: ignore[assignment]
    bulk.work(run_id=BillingRun.objects.get().pk)


def report() -> None:
    """How many have a number, without gaps?, the counter, visits on several invoices, drafts without an item, state."""
    numbers = sorted(int(number[2:]) for number in Invoice.objects.issued().values_list("number", flat=True))
    last = Counter.objects.filter(name="F").values_list("last", flat=True).first() or 0
    several = BilledConsultation.objects.values("consultation").annotate(n=Count("pk")).filter(n__gt=1).count()
    stray = Invoice.objects.filter(run_item__isnull=True).count()
    unsaid = RunItem.objects.filter(state="issued").exclude(invoice__state="issued").count()
    print(len(numbers), numbers == list(range(1, len(numbers) + 1)), last, several, stray, unsaid)
    print(BillingRun.objects.get().state, Consultation.objects.billable().count())


if __name__ == "__main__":
    verb, *given = sys.argv[1:]
    {"prepare": prepare, "work": work, "race": race, "report": report}[verb](*map(int, given))
