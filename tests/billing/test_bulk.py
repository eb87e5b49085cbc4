"""A run is proposed, looked through, worked off, paused, dropped, found again; one failing item stops no other."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import translation

from agenda.consultations.models import Consultation
from agenda.consultations.services import visits as visiting
from agenda.consultations.services.lines import LineInput
from billing.models import BilledConsultation, BillingRun, Invoice, InvoiceSettings, RunItem, Sheet
from billing.services import bulk, bulk_work, drafting, invoicing, papers
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from optamed.practice.models import BankAccount
from tests import factories
from tests.factories import World

State = BillingRun.State


@pytest.fixture
def drawn() -> None:
    """A test that asks for this has its papers drawn."""


@pytest.fixture(autouse=True)
def no_papers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes a second per invoice; the tests that are about it ask for it."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("optamed.core.pdf.available", lambda: "not here")


def proposed(world: World, **given) -> BillingRun:
    fields = {"first_day": None, "last_day": None, "on": dates.today(), "by": world.owner} | given
    return bulk.propose(**fields)


def worked(world: World, run: BillingRun) -> BillingRun:
    bulk.start(run=run, by=world.owner)
    bulk.work(run_id=run.pk)
    run.refresh_from_db()
    return run


def several(world: World, count: int, **given) -> list[Consultation]:
    return [world.consultation(patient=world.patient(last_name=f"Aebi{n}"), **given) for n in range(count)]


def states(run: BillingRun) -> list[str]:
    return list(run.items.values_list("state", flat=True))


def test_a_run_has_an_invoice_per_patient_with_all_visits_by_date(world: World):
    someone = world.patient(last_name="Zurflüh")
    later = world.consultation(patient=someone)
    earlier = world.consultation(patient=someone, treated_on=dates.today() - timedelta(days=9))
    world.consultation(patient=world.patient(last_name="Aebi"))

    run = proposed(world)

    found = [(item.patient.last_name, item.amount, item.state) for item in run.items.all()]
    assert found == [("Aebi", Decimal("132.00"), "waiting"), ("Zurflüh", Decimal("264.00"), "waiting")]
    assert bulk_work.visits_of(run.items.all())[run.items.last().pk] == [earlier, later]
    assert not BilledConsultation.objects.exists()
    assert PendingEntry.objects.filter(verb="proposed", subject_id=run.pk).count() == 1


def test_period_therapist_and_therapy_choose_the_visits(world: World):
    wanted = world.consultation(treated_on=dates.today() - timedelta(days=3))
    visiting.set_billing_facts(consultation=wanted, therapy="Osteopathy", by=world.owner)
    other = factories.therapist(last_name="Rossi", gln="")
    world.consultation(treated_on=dates.today() - timedelta(days=30))
    world.consultation(treated_on=dates.today() - timedelta(days=3), therapist=other)
    world.consultation(treated_on=dates.today() - timedelta(days=3))

    run = proposed(
        world,
        first_day=dates.today() - timedelta(days=7),
        last_day=dates.today() - timedelta(days=1),
        therapist=world.therapist,
        therapy="Osteopathy",
    )

    assert [list(item.visits.all()) for item in run.items.all()] == [[wanted]]


def test_what_is_open_empty_or_on_a_draft_is_not_taken(world: World):
    world.consultation(closed=False)
    world.consultation(lines=[])
    world.draft()

    assert not proposed(world).items.exists()


def test_visits_that_differ_come_on_several_invoices_and_it_is_said_why(world: World):
    someone = world.patient()
    visits = [world.consultation(patient=someone) for _ in range(3)]
    visiting.set_billing_facts(consultation=visits[1], law="UVG", by=world.owner)

    run = proposed(world)

    assert [item.visits.count() for item in run.items.all()] == [2, 1]
    assert all("differ in: law" in item.reason for item in run.items.all())


@pytest.mark.parametrize(
    ("given", "setting", "forms", "said"),
    [
        ({}, "placeholders", "full", ""),
        ({"avs": ""}, "letter", "letter", "AVS"),
        ({"avs": ""}, "placeholders", "placeholders", "AVS"),
        ({"sex": ""}, "placeholders", "letter", "sex"),
    ],
)
def test_what_is_missing_decides_on_the_papers(world: World, given, setting, forms, said):
    InvoiceSettings.objects.create(pk=1, when_incomplete=setting)
    world.consultation(patient=world.patient(**given))

    item = proposed(world).items.get()

    assert (item.state, item.forms) == ("waiting", forms)
    assert said in item.reason


def test_what_blocks_is_left_out_with_its_reason(world: World):
    BankAccount.objects.update(archived_at=dates.now())
    world.consultation()

    item = proposed(world).items.get()

    assert item.state == RunItem.State.LEFT_OUT
    assert "bank account" in item.reason


@pytest.mark.parametrize(
    ("days", "wrong"), [({"first_day": 2, "last_day": 5}, "last day"), ({"on": -46}, "45 days ahead")]
)
def test_dates_that_make_no_sense_are_refused(world: World, days, wrong):
    given = {name: dates.today() - timedelta(days=back) for name, back in days.items()}

    with pytest.raises(DomainError, match=wrong):
        proposed(world, **given)


def test_a_run_issues_one_after_the_other_without_gaps(world: World):
    several(world, 3)

    run = worked(world, proposed(world))

    assert run.state == State.DONE
    assert run.ended_at
    assert list(Invoice.objects.order_by("pk").values_list("number", flat=True)) == ["F-00001", "F-00002", "F-00003"]
    assert [item.invoice.patient_id for item in run.items.all()] == [item.patient_id for item in run.items.all()]
    assert not Consultation.objects.billable().exists()


@pytest.mark.parametrize(
    ("given", "mailed"),
    [
        ({}, True),
        ({"delivery": "print"}, False),
        ({"email": ""}, False),
        ({"mail_consent": "no"}, False),
        ({"mail_consent": "unknown"}, True),
    ],
)
def test_each_invoice_leaves_as_its_patient_wishes(world: World, given, mailed):
    world.consultation(patient=world.patient(**given))

    worked(world, proposed(world))

    invoice = Invoice.objects.get()
    assert invoice.mail_wanted == mailed
    assert invoice.delivery == ("mail" if mailed else "print")


def test_the_papers_are_what_was_chosen_for_the_run(world: World):
    world.consultation(patient=world.patient(avs=""))
    run = proposed(world)

    bulk.look_again(run=run, incomplete="placeholders", by=world.owner)
    worked(world, run)

    invoice = Invoice.objects.get()
    assert invoice.forms == "placeholders"
    assert invoice.requests.exists()


def test_what_was_completed_meanwhile_gives_the_full_papers(world: World):
    visit = world.consultation(patient=world.patient(avs=""))
    run = proposed(world)
    visit.patient.avs = "7569217076985"
    visit.patient.save()

    worked(world, run)

    assert Invoice.objects.get().forms == "full"


def test_looking_again_forgets_what_was_mended_and_keeps_what_the_user_left_out(world: World):
    account = world.account
    several(world, 2)
    BankAccount.objects.update(archived_at=dates.now())
    run = proposed(world)
    kept_out = run.items.first()
    RunItem.objects.filter(pk=kept_out.pk).update(reason="")  # as if the user had unticked it
    BankAccount.objects.filter(pk=account.pk).update(archived_at=None)

    bulk.look_again(run=run, by=world.owner)

    assert states(run) == ["left_out", "waiting"]


def test_unticked_items_are_left_out_and_come_back(world: World):
    several(world, 3)
    run = proposed(world)
    keys = [item.pk for item in run.items.all()]

    bulk.keep(run=run, shown=keys[:2], kept=keys[:1], by=world.owner)
    out = states(run)
    bulk.keep(run=run, shown=keys[:2], kept=keys[:2], by=world.owner)

    assert out == ["waiting", "left_out", "waiting"]
    assert states(run) == ["waiting"] * 3


def test_a_visit_that_went_its_own_way_is_said_when_it_is_ticked_again(world: World):
    visit = world.consultation()
    run = proposed(world)
    key = run.items.get().pk
    bulk.keep(run=run, shown=[key], kept=[], by=world.owner)
    drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)

    bulk.keep(run=run, shown=[key], kept=[key], by=world.owner)

    item = run.items.get()
    assert (item.state, item.reason) == ("left_out", "Already on an invoice.")


def test_what_is_left_out_is_not_issued(world: World):
    several(world, 2)
    run = proposed(world)
    keys = [item.pk for item in run.items.all()]
    bulk.keep(run=run, shown=keys, kept=keys[1:], by=world.owner)

    worked(world, run)

    assert states(run) == ["left_out", "issued"]
    assert Consultation.objects.billable().count() == 1


def test_a_visit_taken_meanwhile_fails_alone_and_says_so(world: World):
    visits = several(world, 3)
    run = proposed(world)
    elsewhere = drafting.draft(patient=visits[1].patient, consultations=[visits[1]], by=world.owner)

    worked(world, run)

    assert states(run) == ["issued", "failed", "issued"]
    assert "already on an invoice" in run.items.get(state="failed").reason
    assert list(Invoice.objects.drafts()) == [elsewhere]


def test_what_a_bank_would_refuse_fails_alone_and_leaves_no_draft(world: World, monkeypatch: pytest.MonkeyPatch):
    """The name is checked only where the slip is drawn: the second of three."""
    visits = several(world, 3)
    run = proposed(world)
    BankAccount.objects.create(label="x", iban="CH00", holder="x", postcode="1", town="x")
    world.therapist.pk, wrong = None, world.therapist
    wrong.user, wrong.account = None, BankAccount.objects.get(iban="CH00")
    wrong.save()
    Consultation.objects.filter(pk=visits[1].pk).update(therapist=wrong)

    worked(world, run)

    failed = run.items.get(state="failed")
    assert states(run) == ["issued", "failed", "issued"]
    assert failed.reason
    assert failed.invoice is None
    assert not Invoice.objects.drafts().exists()
    assert list(Consultation.objects.billable()) == [visits[1]]
    assert list(Invoice.objects.order_by("pk").values_list("number", flat=True)) == ["F-00001", "F-00002"]


def test_a_fault_of_the_program_fails_alone_and_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    several(world, 3)
    run = proposed(world)
    real, asked = drafting.draft, []

    def break_once(**given):
        asked.append(given)
        if len(asked) == 2:
            raise KeyError
        return real(**given)

    monkeypatch.setattr(drafting, "draft", break_once)

    worked(world, run)

    assert states(run) == ["issued", "failed", "issued"]
    assert "log file" in run.items.get(state="failed").reason
    assert "cannot be issued" in caplog.text


def test_an_outage_of_the_database_leaves_the_run_to_be_taken_up_again(world: World, monkeypatch: pytest.MonkeyPatch):
    several(world, 2)
    run = proposed(world)
    real = invoicing.number
    monkeypatch.setattr(invoicing, "number", raising(OperationalError("database is locked")))
    with pytest.raises(OperationalError):
        worked(world, run)
    assert states(run) == ["waiting", "waiting"]
    assert bulk.left_behind() == [run.pk]
    monkeypatch.setattr(invoicing, "number", real)

    bulk.work(run_id=run.pk)

    assert states(run) == ["issued", "issued"]
    assert Invoice.objects.count() == 2


def raising(error: Exception):
    def broken(**_given):
        raise error

    return broken


def test_pausing_stops_after_the_invoice_that_is_being_made(world: World, monkeypatch: pytest.MonkeyPatch):
    several(world, 3)
    run = proposed(world)
    real = invoicing.number

    def pause_meanwhile(**given):
        real(**given)
        bulk.pause(run=run, by=world.owner)

    monkeypatch.setattr(invoicing, "number", pause_meanwhile)
    worked(world, run)
    assert (run.state, states(run)) == (State.PAUSED, ["issued", "waiting", "waiting"])
    monkeypatch.setattr(invoicing, "number", real)

    bulk.resume(run=run, by=world.owner)
    bulk.work(run_id=run.pk)

    assert states(run) == ["issued"] * 3


def test_a_paused_run_is_not_worked_on(world: World):
    several(world, 1)
    run = bulk.start(run=proposed(world), by=world.owner)
    bulk.pause(run=run, by=world.owner)

    bulk.work(run_id=run.pk)

    assert states(run) == ["waiting"]
    assert bulk.left_behind() == []


def test_dropping_a_proposal_forgets_its_items(world: World):
    several(world, 2)
    run = proposed(world)

    bulk.drop(run=run, by=world.owner)

    assert run.state == State.DROPPED
    assert not run.items.exists()
    assert Consultation.objects.billable().count() == 2


def test_dropping_a_paused_run_keeps_what_was_issued_and_frees_the_rest(world: World):
    several(world, 2)
    run = proposed(world)
    bulk.start(run=run, by=world.owner)
    first, second = run.items.all()
    invoicing.number(invoice=bulk_work._drafted(first, world.owner), on=dates.today(), by=world.owner, mail=False)
    bulk_work._drafted(second, world.owner)
    bulk.pause(run=run, by=world.owner)

    bulk.drop(run=run, by=world.owner)

    assert Invoice.objects.issued().count() == 1
    assert not Invoice.objects.drafts().exists()
    assert Consultation.objects.billable().count() == 1
    assert run.items.count() == 2


def test_starting_twice_is_one_run(world: World):
    several(world, 2)
    run = proposed(world)

    worked(world, run)
    worked(world, run)

    assert Invoice.objects.count() == 2
    assert PendingEntry.objects.filter(verb="started").count() == 1


@pytest.mark.parametrize("verb", [bulk.pause, bulk.resume, bulk.drop])
def test_a_finished_run_stays_as_it_is(world: World, verb):
    several(world, 1)
    run = worked(world, proposed(world))

    with pytest.raises(DomainError, match="another window"):
        verb(run=run, by=world.owner)

    run.refresh_from_db()
    assert run.state == State.DONE


def test_nothing_left_to_issue_does_not_start(world: World):
    run = proposed(world)

    with pytest.raises(DomainError, match="nothing left"):
        bulk.start(run=run, by=world.owner)


def test_ticks_after_the_start_are_refused(world: World):
    several(world, 1)
    run = worked(world, proposed(world))

    with pytest.raises(DomainError, match="another window"):
        bulk.keep(run=run, shown=[run.items.get().pk], kept=[], by=world.owner)

    assert states(run) == ["issued"]


def test_a_draft_that_a_kill_left_is_numbered_and_not_made_again(world: World):
    several(world, 1)
    run = bulk.start(run=proposed(world), by=world.owner)
    bulk_work._drafted(run.items.get(), world.owner)

    bulk.work(run_id=run.pk)

    assert Invoice.objects.get().number == "F-00001"
    assert states(run) == ["issued"]


def test_an_invoice_that_got_its_number_before_the_kill_is_found(world: World):
    several(world, 1)
    run = bulk.start(run=proposed(world), by=world.owner)
    invoice = bulk_work._drafted(run.items.get(), world.owner)
    invoicing.number(invoice=invoice, on=dates.today(), by=world.owner, mail=True)

    bulk.work(run_id=run.pk)

    assert Invoice.objects.count() == 1
    assert states(run) == ["issued"]


@pytest.mark.parametrize(("silent_for", "found"), [(1, False), (3, True)])
def test_a_run_whose_worker_is_silent_for_two_minutes_is_left_behind(world: World, silent_for, found):
    several(world, 1)
    run = bulk.start(run=proposed(world), by=world.owner)
    BillingRun.objects.filter(pk=run.pk).update(worked_at=dates.now() - timedelta(minutes=silent_for))

    behind = bulk.left_behind()
    bulk.work(run_id=run.pk)

    assert behind == ([run.pk] if found else [])
    assert states(run) == (["issued"] if found else ["waiting"])


def test_a_second_run_waits_for_the_first_and_is_taken_up_after_it(world: World):
    several(world, 1)
    first = bulk.start(run=proposed(world), by=world.owner)
    second = bulk.start(run=proposed(world), by=world.owner)

    bulk.work(run_id=first.pk)

    second.refresh_from_db()
    assert second.state == State.DONE
    assert states(second) == ["failed"]  # the first one had the same visit


@pytest.mark.usefixtures("drawn")
def test_the_papers_are_drawn_beside_and_one_that_fails_keeps_no_other_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    several(world, 3)
    run = proposed(world)
    real = papers.wanted

    def broken_for_the_second(*, invoice):
        if invoice.number == "F-00002":
            raise ValueError
        return real(invoice=invoice)

    monkeypatch.setattr(papers, "wanted", broken_for_the_second)

    worked(world, run)

    assert run.state == State.DONE
    assert states(run) == ["issued"] * 3
    drawn = Sheet.objects.values_list("invoice__number", flat=True).distinct()
    assert sorted(drawn) == ["F-00001", "F-00003"]
    assert "cannot be drawn" in caplog.text


def test_a_night_prepares_one_run_and_drops_the_unread_one_before(world: World):
    InvoiceSettings.objects.create(pk=1, nightly_run=True)
    several(world, 2)
    monday = dates.at(dates.today(), bulk.NIGHT) + timedelta(minutes=1)
    made = []

    for night in (monday, monday + timedelta(hours=20), monday + timedelta(days=1)):
        with dates.pretend(night):
            made.append(bulk.nightly(night))

    first, again, second = made
    first.refresh_from_db()
    assert again is None
    assert (first.state, second.state) == (State.DROPPED, State.PROPOSED)
    assert (second.is_nightly, second.created_by, second.items.count()) == (True, None, 2)


def test_before_two_in_the_morning_the_night_is_still_yesterdays(world: World):
    InvoiceSettings.objects.create(pk=1, nightly_run=True)
    several(world, 1)
    evening = dates.at(dates.today(), bulk.NIGHT) + timedelta(hours=20)
    with dates.pretend(evening):
        bulk.nightly(evening)

    assert bulk.nightly(evening + timedelta(hours=3)) is None
    assert bulk.nightly(evening + timedelta(hours=5)) is not None


def test_a_night_without_visits_proposes_nothing_in_the_middle_of_the_day(world: World):
    InvoiceSettings.objects.create(pk=1, nightly_run=True)
    bulk.nightly(dates.now())
    several(world, 1)

    assert bulk.nightly(dates.now()) is None
    assert not BillingRun.objects.filter(state=State.PROPOSED).exists()


def test_no_night_is_worked_unless_it_is_wished(world: World):
    several(world, 1)

    assert bulk.nightly(dates.now()) is None
    assert not BillingRun.objects.exists()


def test_a_nightly_run_is_dated_the_day_it_is_started(world: World):
    several(world, 1)
    run = proposed(world, on=dates.today() - timedelta(days=3), by=None, nightly=True)

    worked(world, run)

    assert run.created_by == world.owner
    assert Invoice.objects.get().issued_on == dates.today()


def test_reasons_are_in_the_language_of_who_started_it(world: World):
    visits = several(world, 1)
    run = proposed(world)
    drafting.draft(patient=visits[0].patient, consultations=visits, by=world.owner)
    world.owner.language = "en"
    world.owner.save()

    with translation.override("fr"):
        worked(world, run)

    assert "already on an invoice" in run.items.get().reason


@pytest.mark.parametrize("count", [1, 4])
def test_a_proposal_asks_the_database_the_same_for_one_visit_and_for_many(
    world: World, django_assert_max_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        world.consultation(patient=world.patient(avs=""))

    with django_assert_max_num_queries(22):
        run = bulk.propose(first_day=None, last_day=None, on=dates.today(), by=world.owner)

    assert run.items.count() == count


def test_looking_again_follows_what_the_visit_costs_now(world: World) -> None:
    visit = world.consultation()
    run = bulk.propose(first_day=None, last_day=None, on=dates.today(), by=world.owner)
    visiting.set_lines(consultation=visit, lines=[LineInput(Decimal(3), "1200")], by=world.owner)

    bulk.look_again(run=run, by=world.owner)

    assert run.items.get().amount == Decimal("36.00")
