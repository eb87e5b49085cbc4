"""What is due? Asked each minute, of the services: what a crash or a sleeping laptop left is found the next time."""

import logging
from collections.abc import Callable
from datetime import timedelta

from huey import crontab

from billing import jobs
from billing.services import bulk, invoicing
from mailing.services import invoice_mail, sending
from optamed.core import dates
from optamed.core.jobs import queue
from optamed.journal import services as journal

log = logging.getLogger(__name__)


def each_minute() -> None:
    """Invoices, their mail, billing runs, the journal. One duty that fails does not keep the others."""
    for duty in (finish_invoices, queue_wanted_mail, send_due_mail, propose_by_night, take_up_runs, chain_journal):
        duty()


def _carefully(duty: Callable[[], object]) -> Callable[[], None]:
    """A fault is logged, and the duty is asked for again the next time."""

    def careful() -> None:
        try:
            duty()
        except Exception:
            log.exception("%s failed", duty.__name__)

    return careful


@_carefully
def finish_invoices() -> None:
    """Render the sheets of invoices that were issued when the program stopped; those of this minute are being made."""
    invoicing.finish_left_behind(before=dates.now() - timedelta(minutes=1))


@_carefully
def queue_wanted_mail() -> None:
    """Put the mail of issued invoices that want one into the outbox, where none is."""
    invoice_mail.queue_wanted(dates.now())


@_carefully
def send_due_mail() -> None:
    """Hand over what has left its grace or waits for another try."""
    sending.send_due()


@_carefully
def propose_by_night() -> None:
    """The invoices that could be issued, once per night, where the practice wishes it."""
    bulk.nightly(dates.now())


@_carefully
def take_up_runs() -> None:
    """Billing runs whose worker was killed, and those that wait behind another one."""
    for run_id in bulk.left_behind():
        jobs.work_off(run_id)


@_carefully
def chain_journal() -> None:
    """Move pending entries into the journal's own file."""
    journal.drain()


# One at a time: a minute may be too short for a hundred invoices.
queue.periodic_task(crontab(minute="*"), name="each_minute")(queue.lock_task("each-minute")(each_minute))
