"""One duty that fails does not keep the others from being done."""

import logging
from datetime import timedelta

import pytest

from billing.models import BillingRun, Invoice, InvoiceSettings
from billing.services import bulk
from optamed import schedule
from optamed.core import dates
from tests.factories import World


def test_a_failing_duty_is_logged_and_not_raised(caplog: pytest.LogCaptureFixture) -> None:
    def break_down() -> None:
        raise OSError

    with caplog.at_level(logging.ERROR):
        schedule._carefully(break_down)()

    assert "break_down failed" in caplog.text


@pytest.mark.django_db
def test_each_minute_runs_on_an_empty_practice(caplog: pytest.LogCaptureFixture) -> None:
    schedule.each_minute()

    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_the_invoices_of_the_night_are_prepared_once_and_after_a_long_sleep_too(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, nightly_run=True)
    world.consultation()

    for hours in (0, 1, 24 * 7):
        with dates.pretend(dates.at(dates.today(), bulk.NIGHT) + timedelta(hours=hours)):
            schedule.propose_by_night()

    assert list(BillingRun.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "proposed"]


@pytest.mark.parametrize(("silent_for", "issued"), [(1, 0), (3, 1)])
def test_a_run_that_a_kill_left_is_taken_up(
    world: World, monkeypatch: pytest.MonkeyPatch, silent_for: int, issued: int
) -> None:
    monkeypatch.setattr("optamed.core.pdf.available", lambda: "not here")
    world.consultation()
    run = bulk.propose(first_day=None, last_day=None, on=dates.today(), by=world.owner)
    bulk.start(run=run, by=world.owner)
    BillingRun.objects.update(worked_at=dates.now() - timedelta(minutes=silent_for))

    schedule.take_up_runs()

    assert Invoice.objects.issued().count() == issued
