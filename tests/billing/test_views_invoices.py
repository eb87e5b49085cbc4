"""The list of invoices, its export, and the way from visits to an invoice."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing.models import BilledConsultation, Invoice
from billing.services import cancelling, payments, printing
from optamed.core import dates
from optamed.journal.models import PendingEntry
from tests.factories import World, patient

PART = {"HX-Request": "true"}
LIST = "/invoices/"


def long_ago(days: int = 60) -> dict[str, object]:
    return {"on": dates.today() - timedelta(days=days)}


def every_state(world: World) -> dict[str, Invoice]:
    """One of each: draft, open, overdue, partly paid, paid, cancelled."""
    made = {name: world.invoice() for name in ("open", "part", "paid", "cancelled")}
    made["overdue"] = world.invoice(**long_ago())
    made["draft"] = world.draft()
    today = dates.today()
    for name, amount in (("part", "50"), ("paid", "132")):
        payments.receive(
            patient=made[name].patient, amount=Decimal(amount), received_on=today, means="cash",
            invoice=made[name], by=world.owner,
        )  # fmt: skip
    cancelling.cancel(invoice=made["cancelled"], reason="wrong patient", by=world.owner)
    return made


@pytest.mark.parametrize("path", [LIST, "/invoices/new/", "/payments/", "/payments/new/"])
def test_a_stranger_is_sent_to_the_sign_in(stranger: Client, path: str) -> None:
    response = stranger.get(path)

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("practice:sign-in"))


@pytest.mark.parametrize("path", [LIST, "/invoices/export/"])
def test_the_list_is_only_read(signed_in: Client, path: str) -> None:
    assert signed_in.post(path).status_code == 405


def test_an_empty_list_says_what_comes_next(signed_in: Client) -> None:
    page = signed_in.get(LIST).content.decode()

    assert "No invoices yet" in page
    assert reverse("billing:invoice-new") in page


def test_the_secretary_sees_the_list_as_a_page_and_as_a_part(world: World, desk: Client) -> None:
    invoice = world.invoice()

    whole = desk.get(LIST)
    part = desk.get(LIST, headers=PART)

    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert part.headers["Vary"].count("HX-Request") == 1
    assert all(str(invoice.number) in answer.content.decode() for answer in (whole, part))


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", {"draft", "open", "overdue", "part", "paid", "cancelled"}),
        ("draft", {"draft"}),
        ("open", {"open", "overdue", "part"}),
        ("overdue", {"overdue"}),
        ("part", {"part"}),
        ("paid", {"paid"}),
        ("cancelled", {"cancelled"}),
        ("nonsense", {"draft", "open", "overdue", "part", "paid", "cancelled"}),
    ],
)
def test_a_chip_shows_its_state_and_its_number(world: World, signed_in: Client, state: str, shown: set[str]) -> None:
    made = every_state(world)

    response = signed_in.get(LIST, {"state": state})

    assert {row.invoice.pk for row in response.context["rows"]} == {made[name].pk for name in shown}
    assert response.context["figures"].count == len(shown)


def test_the_totals_follow_the_filter(world: World, signed_in: Client) -> None:
    every_state(world)

    partly = signed_in.get(LIST, {"state": "part"}).context["figures"]
    every = signed_in.get(LIST).context["figures"]

    assert (partly.total, partly.open) == (Decimal("132.00"), Decimal("82.00"))
    # Neither what is not issued nor what is cancelled counts as invoiced.
    assert (every.total, every.open) == (Decimal("528.00"), Decimal("346.00"))


def test_words_narrow_list_chips_and_totals(world: World, signed_in: Client) -> None:
    world.invoice(patient=patient(last_name="Büchi", first_name="Zoé"))
    world.invoice()

    response = signed_in.get(LIST, {"q": "buchi zoe"})

    assert [str(row.invoice.patient) for row in response.context["rows"]] == ["Zoé Büchi"]
    assert response.context["figures"].total == Decimal("132.00")
    assert response.context["figures"].chips[0].count == 1


def test_what_was_searched_never_stands_in_the_address(world: World, signed_in: Client) -> None:
    world.invoice()

    response = signed_in.get(LIST, {"q": "tavernay", "state": "open"}, headers=PART)

    assert response.headers["HX-Replace-Url"] == "/invoices/?state=open"


def test_a_search_without_a_hit_is_not_an_empty_practice(world: World, signed_in: Client) -> None:
    world.invoice()

    page = signed_in.get(LIST, {"q": "nobody"}).content.decode()

    assert "No invoice matches" in page
    assert "No invoices yet" not in page


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("patient", ["Aebi", "Zurflüh"]),
        ("-patient", ["Zurflüh", "Aebi"]),
        ("date", ["Zurflüh", "Aebi"]),
        ("-due", ["Aebi", "Zurflüh"]),
        ("patient__avs", ["Aebi", "Zurflüh"]),
    ],
)
def test_columns_sort_and_unknown_ones_do_not(world: World, signed_in: Client, sort: str, names: list[str]) -> None:
    world.invoice(patient=patient(last_name="Zurflüh"), **long_ago(5))
    world.invoice(patient=patient(last_name="Aebi"))

    response = signed_in.get(LIST, {"sort": sort})

    assert [row.invoice.patient.last_name for row in response.context["rows"]] == names


def test_a_period_keeps_what_was_issued_in_it(world: World, signed_in: Client) -> None:
    world.invoice(**long_ago(800))
    recent = world.invoice()

    response = signed_in.get(LIST, {"period": "year"})

    assert [row.invoice.pk for row in response.context["rows"]] == [recent.pk]


def test_days_that_are_typed_come_before_the_named_period(world: World, signed_in: Client) -> None:
    old = world.invoice(**long_ago(800))
    world.invoice()
    until = f"{dates.today() - timedelta(days=700):%d.%m.%Y}"

    response = signed_in.get(LIST, {"period": "year", "last_on": until})

    assert [row.invoice.pk for row in response.context["rows"]] == [old.pk]
    assert response.context["filter"].more == 1


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"sending": "mail"}, {"mailed", "unsent"}),
        ({"sending": "print"}, {"printed", "waiting"}),
        ({"sending": "to-print"}, {"waiting"}),
        ({"sending": "unsent"}, {"unsent", "waiting"}),
        ({"sending": "pigeon"}, {"mailed", "unsent", "printed", "waiting"}),
        ({"language": "de"}, {"waiting"}),
    ],
)
def test_how_it_was_sent_and_in_which_language(
    world: World, signed_in: Client, query: dict[str, str], shown: set[str]
) -> None:
    made = {
        "mailed": world.invoice(),
        "unsent": world.invoice(),
        "printed": world.invoice(patient=patient(delivery="print")),
        "waiting": world.invoice(patient=patient(delivery="print", language="de")),
    }
    printing.note_mail(invoice_id=made["mailed"].pk, state="sent")
    printing.mark_printed(invoices=Invoice.objects.filter(pk=made["printed"].pk), by=world.owner)

    response = signed_in.get(LIST, query)

    assert {row.invoice.pk for row in response.context["rows"]} == {made[name].pk for name in shown}
    assert response.context["figures"].count == len(shown)


def test_the_list_says_how_each_was_sent(world: World, signed_in: Client) -> None:
    mailed, printed, waiting = (world.invoice(patient=patient(delivery="print")) for _ in range(3))
    world.invoice()
    printing.note_mail(invoice_id=mailed.pk, state="sent")
    printing.mark_printed(invoices=Invoice.objects.filter(pk=printed.pk), by=world.owner)
    world.draft()

    rows = signed_in.get(LIST, {"sort": "number"}).context["rows"]

    assert [row.sent and row.sent.label for row in rows if row.invoice.number] == [
        "E-mail",
        "Paper",
        "To print",
        "Not sent",
    ]
    assert [row.sent for row in rows if row.invoice.is_draft] == [None]
    assert [row.invoice.number for row in rows if row.invoice.number][2] == waiting.number


def test_another_recipient_is_named_beside_the_patient(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    Invoice.objects.filter(pk=invoice.pk).update(recipient={"name": "Carole Wyss"})

    page = signed_in.get(LIST).content.decode()

    assert "to Carole Wyss" in page


@pytest.mark.parametrize(("words", "found"), [("132.00", 2), ("132", 2), ("50.00", 1), ("99.95", 0), ("9" * 27, 0)])
def test_an_amount_finds_what_is_over_it_or_still_open(world: World, signed_in: Client, words: str, found: int) -> None:
    world.invoice()
    part = world.invoice()
    payments.receive(
        patient=part.patient, amount=Decimal("82.00"), received_on=dates.today(), means="cash", invoice=part,
        by=world.owner,
    )  # fmt: skip

    response = signed_in.get(LIST, {"q": words})

    assert response.context["figures"].count == found


def test_a_list_of_many_is_in_the_same_order_as_one_of_few(
    world: World, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for back in (3, 9, 1):
        world.invoice(**long_ago(back))
    few = [row.invoice.pk for row in signed_in.get(LIST, {"q": "tavernay"}).context["rows"]]

    monkeypatch.setattr("billing.views.picked.FEW", 0)
    many = [row.invoice.pk for row in signed_in.get(LIST, {"q": "tavernay"}).context["rows"]]

    assert few == many == [row.pk for row in Invoice.objects.order_by("-issued_on")]


def paid_invoice(world: World) -> None:
    invoice = world.invoice()
    payments.receive(
        patient=invoice.patient, amount=Decimal(20), received_on=dates.today(), means="cash",
        invoice=invoice, by=world.owner,
    )  # fmt: skip


@pytest.mark.parametrize(("path", "most"), [(LIST, 10), ("/payments/", 11)])
def test_a_list_asks_the_database_the_same_for_one_row_and_for_three(
    world: World, signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries, path: str, most: int
) -> None:
    asked = []
    for more in (1, 2):
        for _ in range(more):
            paid_invoice(world)
        signed_in.get(path)

        with django_assert_max_num_queries(most) as queries:
            rows = len(signed_in.get(path).context["rows"])
        asked.append((rows, len(queries)))

    assert [rows for rows, _queries in asked] == [1, 3]
    assert asked[0][1] == asked[1][1]


def test_the_fifty_first_invoice_is_on_the_second_page(world: World, signed_in: Client) -> None:
    someone = world.patient()
    for _ in range(51):
        Invoice.objects.create(patient=someone, therapist=world.therapist, language="fr")

    response = signed_in.get(LIST, {"page": "2"})

    assert len(response.context["rows"]) == 1


def test_excel_holds_the_filtered_list_and_no_formula(world: World, signed_in: Client) -> None:
    world.invoice(patient=patient(last_name="=1+1", first_name="Eve"))
    every_state(world)

    response = signed_in.get("/invoices/export/", {"q": "eve"})

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows())
    assert len(rows) == 2
    assert (rows[1][2].value, rows[1][2].data_type) == ("=1+1 Eve", "s")
    assert Decimal(str(rows[1][11].value)) == Decimal(132)


def test_a_visit_becomes_a_draft_and_a_second_click_finds_it(world: World, signed_in: Client) -> None:
    visit = world.consultation()
    path = reverse("billing:from-consultation", args=[visit.pk])

    first, second = signed_in.post(path), signed_in.post(path)

    draft = Invoice.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == draft.get_absolute_url()


def test_a_draft_is_not_made_by_looking(world: World, signed_in: Client) -> None:
    visit = world.consultation()

    response = signed_in.get(reverse("billing:from-consultation", args=[visit.pk]))

    assert response.status_code == 405
    assert not Invoice.objects.exists()


def test_ticked_visits_of_a_patient_come_on_one_invoice(world: World, signed_in: Client) -> None:
    someone = world.patient()
    visits = [world.consultation(patient=someone, treated_on=dates.today() - timedelta(days=back)) for back in (0, 7)]

    page = signed_in.get("/invoices/new/").content.decode()
    signed_in.post("/invoices/new/", {"visits": [visit.pk for visit in visits]})

    assert all(visit.number_label in page for visit in visits)
    assert Invoice.objects.get().total == Decimal("264.00")


def test_visits_of_two_patients_are_refused_with_a_sentence(world: World, signed_in: Client) -> None:
    visits = [world.consultation(), world.consultation()]

    response = signed_in.post("/invoices/new/", {"visits": [visit.pk for visit in visits]}, follow=True)

    assert "same patient" in response.content.decode()
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["x"], ["0"], ["99999999999999999999"]])
def test_no_visit_or_nonsense_makes_no_invoice(world: World, signed_in: Client, chosen: list[str]) -> None:
    response = signed_in.post("/invoices/new/", {"visits": chosen}, follow=True)

    assert "Choose at least one consultation." in response.content.decode()
    assert not BilledConsultation.objects.exists()


def test_what_leaves_as_a_file_is_journalled(world: World, signed_in: Client) -> None:
    signed_in.get("/invoices/export/")

    assert PendingEntry.objects.get(verb="exported invoices").user_id == world.owner.pk
