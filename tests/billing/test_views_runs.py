"""Billing many at once, on the screen: asked for, looked through, started, watched; and visits that differ."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from agenda.consultations.models import Consultation
from agenda.consultations.services import visits as visiting
from billing.models import BillingRun, Invoice, InvoiceSettings
from billing.reports import runs as report
from billing.services import bulk, drafting, invoicing
from optamed.core import dates
from tests import factories
from tests.factories import World

PART = {"HX-Request": "true"}
NEW, LIST = "/invoices/runs/new/", "/invoices/runs/"


@pytest.fixture(autouse=True)
def no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes a second per invoice, and is tested elsewhere."""
    monkeypatch.setattr("optamed.core.pdf.available", lambda: "not here")


def run_of(world: World, count: int = 2, **given) -> BillingRun:
    for number in range(count):
        world.consultation(patient=world.patient(last_name=f"Aebi{number}", **given))
    return bulk.propose(first_day=None, last_day=None, on=dates.today(), by=world.owner)


def url(name: str, run: BillingRun) -> str:
    return reverse(f"billing:{name}", args=[run.pk])


@pytest.mark.parametrize("path", [NEW, LIST, "/invoices/runs/1/"])
def test_a_stranger_is_sent_to_the_sign_in(stranger: Client, path: str) -> None:
    response = stranger.get(path)

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("practice:sign-in"))


@pytest.mark.parametrize("name", ["run-start", "run-pause", "run-drop", "run-items"])
def test_looking_changes_nothing(world: World, signed_in: Client, name: str) -> None:
    run = run_of(world)

    assert signed_in.get(url(name, run)).status_code == 405


@pytest.mark.parametrize("name", ["run", "run-start", "run-pause", "run-drop", "run-items"])
def test_a_run_that_is_not_there_is_not_found(signed_in: Client, name: str) -> None:
    path = reverse(f"billing:{name}", args=[99])

    answer = signed_in.get(path) if name == "run" else signed_in.post(path)

    assert answer.status_code == 404


def test_without_a_run_the_list_says_what_comes_next(signed_in: Client) -> None:
    page = signed_in.get(LIST).content.decode()

    assert "No run yet" in page
    assert NEW in page


def test_without_visits_the_form_says_so_and_proposes_nothing(signed_in: Client) -> None:
    shown = signed_in.get(NEW)
    posted = signed_in.post(NEW, {})

    assert "No consultation of this period" in shown.content.decode()
    assert posted.status_code == 422
    assert not BillingRun.objects.exists()


def test_the_count_follows_what_is_typed(world: World, signed_in: Client) -> None:
    world.consultation(treated_on=dates.today() - timedelta(days=40))
    world.consultation()

    first_day = f"{dates.today() - timedelta(days=7):%d.%m.%Y}"
    page = signed_in.get(NEW, {"first_day": first_day}, headers=PART).content.decode()

    assert "<b>1</b> consultation without invoice" in page
    assert "132.00" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first_day": "5.5.2026", "last_day": "1.5.2026"}, "comes before"),
        ({"first_day": "nonsense"}, "Write the day"),
        ({"on": "1.1.2014"}, "before 2015"),
        ({"on": "1.1.2099"}, "45 days ahead"),
        ({"therapist": "99"}, ""),
    ],
)
def test_days_that_make_no_sense_are_said_beside_the_field(world: World, signed_in: Client, typed, said) -> None:
    factories.therapist(last_name="Rossi", gln="")
    world.consultation()

    response = signed_in.post(NEW, typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not BillingRun.objects.exists()


def test_asking_leads_to_the_review(world: World, desk: Client) -> None:
    world.consultation()

    response = desk.post(NEW, {"last_day": f"{dates.today():%d.%m.%Y}"})

    run = BillingRun.objects.get()
    assert response.headers["Location"] == url("run", run)
    page = desk.get(url("run", run)).content.decode()
    assert "Tavernay Marc" in page
    assert "Issue 1 invoice · CHF 132.00" in page


def test_the_review_says_what_is_missing_how_it_leaves_and_what_is_not_taken(world: World, signed_in: Client) -> None:
    world.consultation(closed=False)
    world.draft()
    world.consultation(lines=[])
    run = run_of(world, avs="", delivery="print")

    page = signed_in.get(url("run", run)).content.decode()

    assert page.count("AVS number is missing. Only the patient") == 2
    assert "2 on paper" in page
    assert "1 consultation is still being written" in page
    assert "1 consultation has no amount" in page
    assert "1 consultation is on a draft" in page


def test_the_chips_of_the_review_count_and_filter(world: World, signed_in: Client) -> None:
    world.consultation(patient=world.patient(avs=""))
    run = run_of(world)

    response = signed_in.get(url("run", run), {"state": "look"})

    assert [(chip.key, chip.count) for chip, _url in response.context["chips"]] == [
        ("", 3), ("look", 1), ("ready", 2), ("out", 0),
    ]  # fmt: skip
    assert [item.patient.avs for item in response.context["page"]] == [""]


def test_nonsense_as_a_filter_shows_everything(world: World, signed_in: Client) -> None:
    run = run_of(world)

    assert len(signed_in.get(url("run", run), {"state": "zzz", "page": "x"}).context["page"]) == 2


def test_ticks_answer_with_the_figures_that_follow(world: World, signed_in: Client) -> None:
    run = run_of(world)
    first, second = run.items.all()

    response = signed_in.post(
        url("run-items", run), {"shown": [first.pk, second.pk], "keep": [second.pk]}, headers=PART
    )

    page = response.content.decode()
    assert "<html" not in page
    assert "Issue 1 invoice · CHF 132.00" in page
    assert 'id="run-final"' in page
    assert "hx-swap-oob" in page


def test_ticks_work_without_javascript_and_nonsense_leaves_nothing_out(world: World, signed_in: Client) -> None:
    run = run_of(world)

    response = signed_in.post(url("run-items", run), {"shown": ["x", "99999999999999999999"], "keep": ["-1"]})

    assert response.headers["Location"] == url("run", run)
    assert report.figures(run).waiting == 2


def test_what_is_incomplete_can_be_made_with_placeholders(world: World, signed_in: Client) -> None:
    run = run_of(world, avs="")
    before = report.figures(run)

    page = signed_in.post(url("run-items", run), {"incomplete": "placeholders"}, headers=PART).content.decode()

    assert (before.incomplete, before.incomplete_choice) == (2, "letter")
    assert report.figures(run).incomplete_choice == "placeholders"
    assert "placeholders stand for it" in page


def test_nonsense_as_a_choice_is_what_the_settings_say(world: World, signed_in: Client) -> None:
    InvoiceSettings.objects.create(pk=1, when_incomplete="placeholders")
    run = run_of(world, avs="")

    signed_in.post(url("run-items", run), {"incomplete": "nonsense"})

    assert report.figures(run).incomplete_choice == "placeholders"


def test_start_issues_and_a_second_click_finds_the_same_run(world: World, signed_in: Client) -> None:
    run = run_of(world)

    first, second = signed_in.post(url("run-start", run)), signed_in.post(url("run-start", run))

    assert first.headers["Location"] == second.headers["Location"] == url("run", run)
    assert Invoice.objects.issued().count() == 2


def test_the_report_says_what_was_issued_mailed_and_is_to_print(world: World, signed_in: Client) -> None:
    visit = world.consultation(patient=world.patient(delivery="print"))
    world.consultation()
    taken = world.consultation(patient=world.patient(last_name="Wyss"))
    run = run_of(world, count=0)
    drafting.draft(patient=taken.patient, consultations=[taken], by=world.owner)

    signed_in.post(url("run-start", run))

    response = signed_in.get(url("run", run))
    figures, page = response.context["figures"], response.content.decode()
    assert (figures.issued, figures.failed, figures.mailed, figures.to_print) == (2, 1, 1, 1)
    assert figures.issued_amount == Decimal("264.00")
    assert "already on an invoice" in page
    assert Invoice.objects.get(billed__consultation=visit).get_absolute_url() in page
    assert reverse("billing:to-print") in page
    assert reverse("mailing:messages") in page
    assert "every 1s" not in page


def test_a_running_run_is_asked_for_each_second_and_can_be_paused(world: World, signed_in: Client) -> None:
    run = bulk.start(run=run_of(world), by=world.owner)

    running = signed_in.get(url("run", run), headers=PART).content.decode()
    paused = signed_in.post(url("run-pause", run), follow=True).content.decode()

    assert 'hx-trigger="every 1s"' in running
    assert '<progress class="progress run-bar" max="2" value="0"' in running
    assert "every 1s" not in paused
    assert "Go on" in paused


def test_after_a_pause_it_goes_on(world: World, signed_in: Client) -> None:
    run = bulk.start(run=run_of(world), by=world.owner)
    bulk.pause(run=run, by=world.owner)

    signed_in.post(url("run-start", run))

    assert Invoice.objects.issued().count() == 2


def test_a_dropped_proposal_is_gone_and_says_so(world: World, signed_in: Client) -> None:
    run = run_of(world)

    page = signed_in.post(url("run-drop", run), follow=True).content.decode()

    assert "Nothing more of this run is issued." in page
    assert Consultation.objects.billable().count() == 2


def test_dropping_what_runs_is_refused_with_a_sentence(world: World, signed_in: Client) -> None:
    run = bulk.start(run=run_of(world), by=world.owner)

    page = signed_in.post(url("run-drop", run), headers={"Referer": f"http://testserver{LIST}"}, follow=True)

    assert "another window" in page.content.decode()


def test_what_is_under_way_is_told_to_other_pages(world: World, signed_in: Client) -> None:
    InvoiceSettings.objects.create(pk=1, nightly_run=True)
    world.consultation()
    bulk.nightly(dates.now())
    bulk.start(run=run_of(world), by=world.owner)

    part = signed_in.get(LIST, {"unfinished": ""}, headers=PART).content.decode()
    today = signed_in.get("/").content.decode()

    assert "1 invoice is ready to review" in part
    assert "Invoices under way: 0 of 3 issued" in part
    assert "1 invoice is ready to review" in today
    assert "Invoices under way" in today


def test_a_proposal_that_somebody_left_is_in_the_list_and_not_on_today(world: World, signed_in: Client) -> None:
    run = run_of(world)

    assert url("run", run) in signed_in.get(LIST).content.decode()
    assert url("run", run) not in signed_in.get("/").content.decode()


@pytest.mark.parametrize("started", [False, True])
def test_a_run_asks_the_database_the_same_for_one_row_and_for_three(
    world: World, signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries, started: bool
) -> None:
    asked = []
    for count in (1, 3):
        run = run_of(world, count=count)
        if started:
            signed_in.post(url("run-start", run))
        signed_in.get(url("run", run))

        with django_assert_max_num_queries(14) as queries:
            rows = len(signed_in.get(url("run", run)).context["page"])
        asked.append((rows, len(queries)))
        if not started:
            bulk.drop(run=run, by=world.owner)
            Consultation.objects.update(billing_state="billed")

    assert asked[0][0] < asked[1][0]
    assert asked[0][1] == asked[1][1]


def visits_that_differ(world: World) -> list[Consultation]:
    someone = world.patient()
    visits = [world.consultation(patient=someone, treated_on=dates.today() - timedelta(days=n)) for n in (2, 1, 0)]
    visiting.set_billing_facts(consultation=visits[1], law="UVG", by=world.owner)
    return visits


def test_visits_that_differ_are_named_and_make_an_invoice_per_kind(world: World, signed_in: Client) -> None:
    visits = visits_that_differ(world)
    keys = [visit.pk for visit in visits]

    asked = signed_in.post("/invoices/new/", {"visits": keys})
    made_at_once = Invoice.objects.count()
    answered = signed_in.post("/invoices/new/", {"visits": keys, "kinds": "1"})

    page = asked.content.decode()
    assert made_at_once == 0
    assert "They differ in: law." in page
    assert "LAA (accident)" in page
    assert "Make 2 invoices, one per kind" in page
    assert answered.headers["Location"] == "/invoices/?state=draft"
    assert sorted(invoice.consultations.count() for invoice in Invoice.objects.all()) == [1, 2]


def test_a_kind_alone_opens_its_draft(world: World, signed_in: Client) -> None:
    visits = visits_that_differ(world)

    answered = signed_in.post("/invoices/new/", {"visits": [visits[0].pk, visits[2].pk]})

    assert answered.headers["Location"] == Invoice.objects.get().get_absolute_url()


def test_a_kind_that_cannot_be_made_makes_none(world: World, signed_in: Client) -> None:
    visits = visits_that_differ(world)
    drafting.draft(patient=visits[2].patient, consultations=[visits[2]], by=world.owner)

    signed_in.post("/invoices/new/", {"visits": [visit.pk for visit in visits], "kinds": "1"})

    assert Invoice.objects.count() == 1


def test_the_page_of_visits_warns_before_the_click(world: World, signed_in: Client) -> None:
    visits_that_differ(world)
    world.consultation(patient=world.patient(last_name="Wyss"))

    assert signed_in.get("/invoices/new/").content.decode().count("They differ in: law") == 1


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, ["Aebi", "Wyss"]),
        ({"q": "wyss"}, ["Wyss"]),
        ({"q": "nobody"}, []),
        ({"period": "last-year"}, ["Aebi"]),
        ({"period": "nonsense", "therapist": "x"}, ["Aebi", "Wyss"]),
        ({"patient": "x"}, []),
    ],
)
def test_words_and_period_narrow_the_visits(world: World, signed_in: Client, asked, shown) -> None:
    last_year = dates.today().replace(year=dates.today().year - 1, day=1)
    world.consultation(patient=world.patient(last_name="Aebi"), treated_on=last_year)
    world.consultation(patient=world.patient(last_name="Wyss"))

    response = signed_in.get("/invoices/new/", asked)

    assert [group.patient.last_name for group in response.context["groups"]] == shown
    assert response.context["figures"]["count"] == len(shown)


def test_one_patient_and_one_therapist_can_be_asked_for(world: World, signed_in: Client) -> None:
    other = factories.therapist(last_name="Rossi", gln="")
    wanted = world.consultation(therapist=other)
    world.consultation(patient=wanted.patient)

    by_patient = signed_in.get("/invoices/new/", {"patient": wanted.patient_id}).context["figures"]["count"]
    by_therapist = signed_in.get("/invoices/new/", {"therapist": other.pk}).context["groups"]

    assert by_patient == 2
    assert [list(group.visits) for group in by_therapist] == [[wanted]]


def test_the_name_that_was_searched_never_stands_in_the_address(world: World, signed_in: Client) -> None:
    world.consultation()

    response = signed_in.get("/invoices/new/", {"q": "tavernay"}, headers=PART)

    assert response.headers["HX-Replace-Url"] == "/invoices/new/"


def test_visits_of_many_patients_ask_the_database_the_same_as_of_one(
    world: World, signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = []
    for _ in range(2):
        world.consultation(patient=world.patient())
        signed_in.get("/invoices/new/")
        with django_assert_max_num_queries(14) as queries:
            signed_in.get("/invoices/new/")
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_the_number_of_a_run_is_not_taken_by_an_invoice_that_fails(world: World, signed_in: Client) -> None:
    run = run_of(world)
    other = world.draft()
    invoicing.number(invoice=other, on=dates.today(), by=world.owner, mail=False)

    signed_in.post(url("run-start", run))

    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["F-00001", "F-00002", "F-00003"]


ODD = ["\0", "²", "9" * 40, "-1", "<b>", "’" * 200, "2026-02-30"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_in_the_address_are_taken_as_not_said(world: World, signed_in: Client, odd: str) -> None:
    run = run_of(world)
    asked = ("q", "patient", "therapist", "therapy", "period", "page", "state", "first_day", "last_day", "on")

    for path in ("/invoices/new/", NEW, LIST, url("run", run)):
        for name in asked:
            assert signed_in.get(path, {name: odd}).status_code == 200, (path, name)
