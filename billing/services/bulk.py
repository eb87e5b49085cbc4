"""Billing many at once: a run is proposed, looked through, started, paused, dropped; ``bulk_work`` works it off."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing import grouping
from billing.models import BillingRun, Invoice, InvoiceSettings, RunItem
from billing.services import bulk_plan, bulk_work, grouping_facts, invoicing
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import Practice, Therapist, User

State = BillingRun.State
NIGHT = time(2)  # in Zurich: after the last visit was written, before the first comes
work = bulk_work.work
left_behind = bulk_work.left_behind


def propose(
    *,
    first_day: date | None,
    last_day: date | None,
    therapist: Therapist | None = None,
    therapy: str = "",
    on: date,
    by: User | None,
    nightly: bool = False,
) -> BillingRun:
    """A run to look through, with an item per invoice. Nothing is held: a visit may still go its own way.

    DomainError where the dates make no sense. What is missing is looked up before the transaction, which stays short.
    """
    _refuse_dates(first_day, last_day, on)
    visits = bulk_plan.asked(first_day=first_day, last_day=last_day, therapist=therapist, therapy=therapy)
    billable = bulk_plan.billable(visits)
    missing, usual = bulk_plan.gaps_by_visit(billable), InvoiceSettings.current().when_incomplete
    planned = [
        (group, bulk_plan.judged(group, missing=missing, note=note, incomplete=usual))
        for group, note in bulk_plan.invoices_of(billable)
    ]
    with transaction.atomic():
        run = BillingRun.objects.create(
            first_day=first_day,
            last_day=last_day,
            therapist=therapist,
            therapy=therapy,
            dated_on=on,
            is_nightly=nightly,
            created_by=by,
            created_at=dates.now(),
        )
        _store(run, planned)
        journal.record(verb="proposed", subject=run, by=by)
    return run


@transaction.atomic
def keep(*, run: BillingRun, shown: Collection[int], kept: Collection[int], by: User) -> None:
    """Of the items that were shown, leave out those that were not kept; one that is kept again is looked at anew."""
    _must_be(run, State.PROPOSED)
    items = run.items.filter(pk__in=shown)
    items.filter(state=RunItem.State.WAITING).exclude(pk__in=kept).update(state=RunItem.State.LEFT_OUT, reason="")
    back = list(items.filter(state=RunItem.State.LEFT_OUT, pk__in=kept))
    _judge(back, run=run)
    journal.record(verb="changed", subject=run, by=by)


@transaction.atomic
def look_again(*, run: BillingRun, incomplete: str = "", by: User) -> None:
    """What is missing may have been completed; ``incomplete`` says what is made where something still is.

    What the user left out stays out: it has no reason, what the program left out has one.
    """
    _must_be(run, State.PROPOSED)
    _judge(list(run.items.exclude(state=RunItem.State.LEFT_OUT, reason="")), run=run, incomplete=incomplete)
    journal.record(verb="changed", subject=run, by=by)


@transaction.atomic
def start(*, run: BillingRun, by: User) -> BillingRun:
    """Hand the run to the worker. Asked twice it is one run. DomainError where nothing is left to issue."""
    fresh = BillingRun.objects.select_for_update().get(pk=run.pk)
    if fresh.state in (State.RUNNING, State.DONE):
        return fresh
    if fresh.state == State.PAUSED:
        return resume(run=fresh, by=by)
    if not fresh.items.filter(state=RunItem.State.WAITING).exists():
        raise DomainError(_("There is nothing left to issue in this run."))
    dated_on = dates.today() if fresh.is_nightly else fresh.dated_on
    _move(fresh, {State.PROPOSED}, State.RUNNING, created_by=by, dated_on=dated_on)
    journal.record(verb="started", subject=fresh, by=by)
    return fresh


@transaction.atomic
def pause(*, run: BillingRun, by: User) -> BillingRun:
    """The invoice that is being made is made; no other is begun."""
    _move(run, {State.RUNNING}, State.PAUSED)
    journal.record(verb="paused", subject=run, by=by)
    return run


@transaction.atomic
def resume(*, run: BillingRun, by: User) -> BillingRun:
    """Go on where it stopped."""
    _move(run, {State.PAUSED}, State.RUNNING)
    journal.record(verb="resumed", subject=run, by=by)
    return run


@transaction.atomic
def drop(*, run: BillingRun, by: User | None) -> BillingRun:
    """Issue nothing more. What was issued stays; drafts that have no number yet go, and their visits are free."""
    _move(run, {State.PROPOSED, State.PAUSED}, State.DROPPED, ended_at=dates.now())
    waiting = run.items.filter(state=RunItem.State.WAITING)
    for item in waiting.filter(invoice__state="draft").select_related("invoice"):
        bulk_work.let_go(item, by=by)
    if not run.items.filter(invoice__isnull=False).exists():
        run.items.all().delete()
    journal.record(verb="dropped", subject=run, by=by)
    return run


def nightly(now: datetime) -> BillingRun | None:
    """Once per night, where the practice wishes it: all that can be billed, to be looked through in the morning.

    A night that found nothing leaves an empty, dropped run, so that nothing is proposed in the middle of the day.
    """
    if not InvoiceSettings.current().nightly_run or _had_its_night(now):
        return None
    for older in BillingRun.objects.filter(is_nightly=True, state=State.PROPOSED):
        drop(run=older, by=None)
    with translation.override(Practice.objects.get().language):
        run = propose(first_day=None, last_day=None, on=dates.local(now).date(), by=None, nightly=True)
    if not run.items.exists():
        drop(run=run, by=None)
    return run


def _had_its_night(now: datetime) -> bool:
    day = dates.local(now).date()
    begun = dates.at(day, NIGHT)
    if now < begun:
        begun = dates.at(day - timedelta(days=1), NIGHT)
    return BillingRun.objects.filter(is_nightly=True, created_at__gte=begun).exists()


def _refuse_dates(first_day: date | None, last_day: date | None, on: date) -> None:
    if first_day and last_day and last_day < first_day:
        raise DomainError(_("The last day comes before the first one."))
    invoicing.refuse_impossible(on)


def _store(run: BillingRun, planned: Sequence[tuple[Sequence[Consultation], bulk_plan.Judged]]) -> None:
    items = [bulk_plan.item_of(visits, found) for visits, found in planned]
    for item in items:
        item.run = run
    RunItem.objects.bulk_create(items)
    through = RunItem.visits.through
    through.objects.bulk_create(
        through(runitem_id=item.pk, consultation_id=visit.pk)
        for item, (visits, _found) in zip(items, planned, strict=True)
        for visit in visits
    )


def _judge(items: Sequence[RunItem], *, run: BillingRun, incomplete: str = "") -> None:
    """Look at items anew, with the sentence for patients who have several."""
    patients = {item.patient_id for item in items}
    visits = bulk_work.visits_of(run.items.filter(patient__in=patients))
    missing = bulk_plan.gaps_by_visit(visit for item in items for visit in visits[item.pk])
    usual = InvoiceSettings.current().when_incomplete
    by_patient: dict[int, list[list[Consultation]]] = defaultdict(list)
    for own in visits.values():
        if own:
            by_patient[own[0].patient_id].append(own)
    for item in items:
        note = bulk_plan.split_note(_differing(by_patient[item.patient_id]))
        papers = incomplete or _chosen(item) or usual
        found = bulk_plan.judged(visits[item.pk], missing=missing, note=note, incomplete=papers)
        item.state, item.forms, item.reason = found.state, found.forms, found.reason
        item.amount = bulk_plan.amount_of(visits[item.pk])
    RunItem.objects.bulk_update(items, ["state", "forms", "reason", "amount"])


def _chosen(item: RunItem) -> str:
    """What was chosen for an incomplete one stays chosen."""
    return "" if item.forms == Invoice.Forms.FULL else item.forms


def _differing(several: Iterable[Sequence[Consultation]]) -> list[str]:
    groups = list(several)
    if len(groups) < 2:  # noqa: PLR2004  one invoice differs from nothing
        return []
    return grouping.differences(grouping_facts.facts_of(visit) for group in groups for visit in group)


def _must_be(run: BillingRun, state: State) -> None:
    if not BillingRun.objects.select_for_update().filter(pk=run.pk, state=state).exists():
        raise DomainError(_("This run was started or dropped in another window."))


def _move(run: BillingRun, before: set[State], after: State, **columns: object) -> None:
    """A conditional update: not exactly one row means that somebody was first."""
    allowed = [state for state in before if after in BillingRun.NEXT[state]]
    won = BillingRun.objects.filter(pk=run.pk, state__in=allowed).update(state=after, **columns)
    run.refresh_from_db()
    if won != 1 and run.state != after:
        raise DomainError(_("This run was started or dropped in another window."))
