"""Working off a run: numbers one by one, papers in several processes. The rows say how far it got."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import BillingRun, Invoice, RunItem
from billing.services import bulk_plan, drafting, invoicing, papers, readiness
from optamed.core import dates, pdf
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User

STALE = timedelta(minutes=2)  # a worker gives a sign of life with each invoice; one that is silent for so long is gone
log = logging.getLogger(__name__)
State = RunItem.State


def work(*, run_id: int) -> None:
    """Work a run off until it is done, paused or dropped, then those that wait behind it. One worker at a time.

    An outage of the database is raised; the schedule takes the run up again.
    """
    tried: set[int] = set()
    waiting: list[int] = [run_id]
    while waiting and _claim(waiting[0]):
        tried.add(waiting[0])
        try:
            _work_off(BillingRun.objects.select_related("created_by").get(pk=waiting[0]))
        finally:
            BillingRun.objects.filter(pk=waiting[0]).update(worked_at=None)
        waiting = [pk for pk in left_behind() if pk not in tried]


def left_behind() -> list[int]:
    """Runs that should be worked off and have no worker: a kill came between, or they wait behind another one."""
    if BillingRun.objects.filter(_alive()).exists():
        return []
    return list(BillingRun.objects.filter(state=BillingRun.State.RUNNING).order_by("pk").values_list("pk", flat=True))


def visits_of(items: Iterable[RunItem]) -> dict[int, list[Consultation]]:
    """The visits of each item by its key, by date, with all that is asked of them."""
    found: dict[int, list[Consultation]] = {item.pk: [] for item in items}
    through = RunItem.visits.through.objects.filter(runitem__in=list(found))
    rows = through.select_related(
        "consultation__patient", "consultation__therapist__account", "consultation__address__account"
    )
    for row in rows.prefetch_related("consultation__lines__position").order_by(
        "consultation__treated_on", "consultation_id"
    ):
        found[row.runitem_id].append(row.consultation)
    return found


def let_go(item: RunItem, *, by: User | None) -> None:
    """Delete the draft of an item, if it has one that was not issued: its visits are free again."""
    draft = item.invoice
    if draft is None or not draft.is_draft:
        return
    with transaction.atomic():
        RunItem.objects.filter(pk=item.pk).update(invoice=None)
        drafting.delete_draft(invoice=draft, by=by)
    item.invoice = None


def _alive() -> Q:
    return Q(state=BillingRun.State.RUNNING, worked_at__gte=dates.now() - STALE)


def _claim(run_id: int) -> bool:
    """The run is ours: it is under way, and nobody has worked on it, or on another one, lately."""
    if BillingRun.objects.filter(_alive()).exclude(pk=run_id).exists():
        return False
    free = Q(worked_at__isnull=True) | Q(worked_at__lt=dates.now() - STALE)
    mine = BillingRun.objects.filter(free, pk=run_id, state=BillingRun.State.RUNNING)
    return mine.update(worked_at=dates.now()) == 1


def _work_off(run: BillingRun) -> None:
    language = run.created_by.language if run.created_by else ""
    with translation.override(language) if language else nullcontext():
        _draw(_issued(run))
    _end(run)


@transaction.atomic
def _end(run: BillingRun) -> None:
    """Done, where nothing waits and nobody paused it."""
    under_way = BillingRun.objects.filter(pk=run.pk, state=BillingRun.State.RUNNING)
    if run.items.filter(state=State.WAITING).exists():
        return
    if under_way.update(state=BillingRun.State.DONE, ended_at=dates.now()):
        journal.record(verb="finished", subject=run, by=run.created_by)


def _issued(run: BillingRun) -> Iterator[Invoice]:
    """Each invoice as soon as it has its number; the row is asked before each whether it may go on."""
    while BillingRun.objects.filter(pk=run.pk, state=BillingRun.State.RUNNING).update(worked_at=dates.now()):
        item = run.items.filter(state=State.WAITING).select_related("patient", "invoice").first()
        if item is None:
            return
        invoice = _issue(item, run)
        if invoice is not None:
            yield invoice


def _issue(item: RunItem, run: BillingRun) -> Invoice | None:
    """The issued invoice of an item, or None with the reason on the item. Safe to repeat at any point."""
    try:
        if item.invoice is None or item.invoice.is_draft:
            _number(item, run)
    except DomainError as error:
        return _settled(item, run, error.sentence)
    except OperationalError:
        raise
    except Exception:
        log.exception("run %s: item %s cannot be issued", run.pk, item.pk)
        return _settled(item, run, _("This invoice could not be made. The log file of the program says why."))
    return _settled(item, run, "")


def _number(item: RunItem, run: BillingRun) -> None:
    """Draft, then number: two transactions, and the item knows its draft from the moment it exists."""
    by = run.created_by
    invoice = item.invoice or _drafted(item, by)
    mail = invoice.delivery == Invoice.Delivery.MAIL
    invoicing.number(invoice=invoice, on=run.dated_on, by=by, mail=mail)


@transaction.atomic
def _drafted(item: RunItem, by: User | None) -> Invoice:
    invoice = drafting.draft(patient=item.patient, consultations=visits_of([item])[item.pk], by=by)
    forms = item.forms
    if forms != Invoice.Forms.FULL:  # what was missing may have been completed since the proposal
        forms = readiness.forms_of(readiness.of_invoice(invoice=invoice), incomplete=forms)
    if invoice.forms != forms:
        invoice = drafting.change(invoice=invoice, by=by, forms=forms)
    if not RunItem.objects.filter(pk=item.pk, state=State.WAITING, invoice__isnull=True).update(invoice=invoice):
        raise DomainError(_("This invoice was already issued."))
    return invoice


def _settled(item: RunItem, run: BillingRun, reason: str) -> Invoice | None:
    """Write down what became of an item, by what the database says and not by what we think."""
    fresh = RunItem.objects.select_related("invoice").get(pk=item.pk)
    issued = fresh.invoice if fresh.invoice and not fresh.invoice.is_draft else None
    if fresh.invoice is not None and issued is None:
        let_go(fresh, by=run.created_by)
    state = State.ISSUED if issued else State.FAILED
    said = "" if issued else reason[: bulk_plan.MOST_REASON]
    amount = issued.total if issued else fresh.amount
    RunItem.objects.filter(pk=item.pk, state=State.WAITING).update(state=state, reason=said, amount=amount)
    return issued


@dataclass
class _UnderWay:
    """An invoice whose papers are being drawn elsewhere."""

    invoice: Invoice
    wanted: Sequence[papers.Wanted]
    drawn: list[bytes] = field(default_factory=list)


def _draw(invoices: Iterator[Invoice]) -> None:
    """Draw the papers of the invoices as they come. One that cannot be drawn does not keep the others waiting."""
    if pdf.available():  # the schedule draws them once the library is there
        deque(invoices, maxlen=0)
        return
    for first in invoices:
        under_way: deque[_UnderWay] = deque()
        try:
            _draw_until_trouble(chain([first], invoices), under_way)
        except OperationalError:
            raise
        except Exception:
            log.exception("papers of a run cannot be drawn")
            _finish_singly(under_way)


def _draw_until_trouble(invoices: Iterator[Invoice], under_way: deque[_UnderWay]) -> None:
    for drawn in pdf.render_many(_jobs(invoices, under_way)):
        now = under_way[0]
        now.drawn.append(drawn)
        if len(now.drawn) == len(now.wanted):
            papers.keep(invoice=now.invoice, kinds=[one.kind for one in now.wanted], pdfs=now.drawn)
            under_way.popleft()


def _jobs(invoices: Iterator[Invoice], under_way: deque[_UnderWay]) -> Iterator[pdf.Job]:
    for invoice in invoices:
        wanted = papers.wanted(invoice=invoice)
        if wanted:
            under_way.append(_UnderWay(invoice, wanted))
        yield from (one.job for one in wanted)


def _finish_singly(under_way: Iterable[_UnderWay]) -> None:
    """Those that were being drawn when one of them failed; the schedule tries again what fails here too."""
    for one in under_way:
        try:
            invoicing.finish(invoice=one.invoice)
        except Exception:
            log.exception("invoice %s cannot be drawn", one.invoice.pk)
