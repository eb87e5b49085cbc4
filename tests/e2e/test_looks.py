"""Every page that is met: axe finds nothing, light and dark, at 1280 and 390 px, and nothing scrolls sideways."""

from datetime import timedelta

import pytest

from billing.services import bulk, invoicing
from optamed.core import dates

PAGES = [
    "/",
    "/agenda/",
    "/patients/",
    "/patients/new/",
    "/consultations/",
    "/invoices/",
    "/invoices/new/",
    "/invoices/numbers/",
    "/invoices/to-print/",
    "/invoices/period/",
    "/invoices/runs/",
    "/invoices/runs/new/",
    "/books/",
    "/books/statements/",
    "/payments/",
    "/messages/",
    "/statistics/",
    "/settings/",
    "/settings/mail/",
    "/settings/invoices/",
    "/settings/invoices/texts/",
    "/settings/invoices/papers/",
    "/settings/invoices/numbers/",
    "/search/?q=taver",
    "/password/",
]


@pytest.fixture
def lived_in(world):
    """A practice in which something has happened; the addresses of its records."""
    visit = world.appointment(starts_at=dates.now() - timedelta(minutes=60), state="arrived", arrived_at=dates.now())
    paid = invoicing.issue(invoice=world.draft(), on=dates.today(), by=world.owner)
    consultation = world.consultation()
    draft = world.draft()
    run = bulk.propose(first_day=None, last_day=None, on=dates.today(), by=world.owner)
    patient = visit.patient
    return [
        visit.get_absolute_url(),
        paid.get_absolute_url(),
        draft.get_absolute_url(),
        consultation.get_absolute_url(),
        patient.get_absolute_url(),
        f"/patients/{patient.pk}/edit/",
        f"/patients/{patient.pk}/appointments/",
        f"/patients/{patient.pk}/consultations/",
        f"/patients/{patient.pk}/invoices/",
        f"/patients/{patient.pk}/statement/",
        f"/invoices/runs/{run.pk}/",
        f"{draft.get_absolute_url()}options/",
        f"{paid.get_absolute_url()}correct/",
    ]


def test_no_page_has_a_fault(world, measured, lived_in):
    measured.sign_in(world.owner.email)

    faults = [fault for path in [*PAGES, *lived_in] for fault in measured.look(path)]

    assert faults == []


def test_the_door_has_no_fault(measured):
    assert measured.look("/sign-in/") + measured.look("/recover/") == []
