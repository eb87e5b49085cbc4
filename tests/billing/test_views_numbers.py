"""The register of numbers: every series in order, what became of each, and a gap that is said loudly."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from billing.models import Invoice, InvoiceSettings
from billing.reports import register
from billing.services import cancelling
from optamed.core import dates
from optamed.practice.services import counters
from tests.factories import World, patient

PART = {"HX-Request": "true"}
PAGE, FILE = "billing:numbers", "billing:numbers-export"


def shown(browser: Client, query: str = "") -> str:
    return str(browser.get(reverse(PAGE) + query).content.decode())


def lost(invoice: Invoice) -> None:
    """As a faulty restore would leave it."""
    Invoice.objects.filter(pk=invoice.pk).update(number=f"X-{invoice.pk}")


@pytest.mark.parametrize("name", [PAGE, FILE])
def test_a_stranger_sees_nothing(world: World, stranger: Client, name: str) -> None:
    assert stranger.get(reverse(name)).headers["Location"].startswith(reverse("practice:sign-in"))


@pytest.mark.parametrize("name", [PAGE, FILE])
def test_the_register_is_only_read(signed_in: Client, name: str) -> None:
    assert signed_in.post(reverse(name)).status_code == 405


def test_it_is_a_page_and_a_part(world: World, desk: Client) -> None:
    world.invoice()

    page, part = desk.get(reverse(PAGE)), desk.get(reverse(PAGE), headers=PART)

    assert "<html" in page.content.decode()
    assert part.content.decode().lstrip().startswith('<div id="numbers"')


def test_before_the_first_invoice_it_says_so(signed_in: Client) -> None:
    assert "No numbers yet" in shown(signed_in)


def test_numbers_stand_in_their_order_and_none_is_missing(world: World, signed_in: Client) -> None:
    invoices = [world.invoice() for _ in range(3)]

    page = shown(signed_in)

    places = [page.index(f">{invoice.number}<") for invoice in invoices]
    assert places == sorted(places)
    assert "3 numbers, F-00001 to F-00003. No number is missing." in page


def test_what_became_of_a_cancelled_number_is_told(world: World, signed_in: Client) -> None:
    first, second = world.invoice(), world.invoice()
    cancelling.cancel(invoice=first, reason="Wrong insurer", by=world.owner)
    draft = cancelling.correct(invoice=second, reason="Wrong services", by=world.owner)

    rows = {row.number: row for row in register.rows_of(register.numbered("F", None), on=dates.today())}

    assert rows["F-00001"].story == "Cancelled by S-00001"
    assert rows["F-00002"].story == "Cancelled by S-00002"
    assert draft.is_draft
    assert "No number is missing" in shown(signed_in)


def test_a_hidden_invoice_stands_in_the_register_all_the_same(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    cancelling.cancel(invoice=invoice, reason="Typed twice", by=world.owner)
    cancelling.hide(invoice=invoice, by=world.owner)

    assert "F-00001" in shown(signed_in)


def test_counter_documents_have_their_own_series(world: World, signed_in: Client) -> None:
    cancelling.cancel(invoice=world.invoice(), reason="Wrong insurer", by=world.owner)

    page = shown(signed_in, "?series=S")

    assert "S-00001" in page
    assert "Takes back F-00001: Wrong insurer" in page
    assert "-132.00" in page


def test_a_missing_number_is_said_loudly(world: World, signed_in: Client) -> None:
    invoices = [world.invoice() for _ in range(5)]
    lost(invoices[1])
    lost(invoices[2])

    page = shown(signed_in)

    assert "2 numbers are missing in this series" in page
    assert "F-00002 to F-00003: 2 numbers" in page
    assert 'role="alert"' in page


def test_a_number_that_was_lost_at_the_end_is_noticed_by_the_counter(world: World) -> None:
    invoices = [world.invoice() for _ in range(2)]
    lost(invoices[1])

    standing = register.standing("F")

    assert (standing.missing, standing.gaps[0].first) == (1, "F-00002")


def test_a_series_that_began_higher_is_whole(world: World) -> None:
    counters.start_at(name="F", next_number=700)
    world.invoice()

    standing = register.standing("F")

    assert (standing.first, standing.missing) == ("F-00700", 0)


def test_a_start_that_was_raised_in_the_middle_is_no_gap_but_a_lost_number_still_is(world: World) -> None:
    invoices = [world.invoice() for _ in range(3)]
    counters.start_at(name="F", next_number=700)
    raised = register.standing("F")
    world.invoice()
    lost(invoices[1])

    standing = register.standing("F")

    assert (raised.missing, standing.last) == (0, "F-00700")
    assert [(gap.first, gap.last) for gap in standing.gaps] == [("F-00002", "F-00002")]
    assert standing.missing == 1


def test_numbers_of_six_digits_come_after_those_of_five(world: World) -> None:
    counters.start_at(name="F", next_number=99_999)
    for _ in range(2):
        world.invoice()

    rows = register.numbered("F", None, longest=register.standing("F").reached)

    assert [row.number for row in rows] == ["F-99999", "F-100000"]
    assert register.standing("F").missing == 0


def test_series_by_year_and_by_therapist_do_not_mix(world: World, signed_in: Client) -> None:
    world.invoice()
    for pattern in ("year", "therapist"):
        InvoiceSettings.objects.update_or_create(pk=1, defaults={"pattern": pattern})
        world.invoice()

    found = register.series()

    year = f"F-{dates.today().year}"
    assert found == sorted(["F", year, "F-CM"])
    assert [register.standing(name).count for name in found] == [1, 1, 1]
    assert f"{year}-00001" in shown(signed_in, f"?series={year}")


def test_a_year_narrows_the_list_and_not_the_search_for_gaps(world: World, signed_in: Client) -> None:
    world.invoice(on=dates.today() - timedelta(days=400))
    new = world.invoice()

    page = shown(signed_in, f"?year={new.issued_on.year}")

    assert "F-00002" in page
    assert ">F-00001<" not in page
    assert "2 numbers, F-00001 to F-00002" in page


@pytest.mark.parametrize("query", ["?series=nonsense", "?year=x", "?year=99999999999999999999", "?page=0", "?year=-3"])
def test_nonsense_in_the_address_shows_the_first_series(world: World, signed_in: Client, query: str) -> None:
    world.invoice()

    response = signed_in.get(reverse(PAGE) + query)

    assert response.status_code == 200


def test_the_file_holds_the_same_rows_and_no_formula(world: World, signed_in: Client) -> None:
    world.invoice(patient=patient(last_name="=1+1", first_name="Ann"))

    response = signed_in.get(reverse(FILE))

    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "F-00001"
    assert rows[1][2] == "=1+1 Ann"
    assert Decimal(str(rows[1][3])) == Decimal(132)
    assert sheet["C2"].data_type == "s"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_a_fixed_number_of_questions(
    world: World, signed_in: Client, count: int, django_assert_max_num_queries
) -> None:
    for _ in range(count):
        cancelling.cancel(invoice=world.invoice(), reason="Again", by=world.owner)
    signed_in.get(reverse(PAGE))

    with django_assert_max_num_queries(14):
        signed_in.get(reverse(PAGE))
