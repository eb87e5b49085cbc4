"""Printing, downloading, mailing and hiding several invoices; those of a period; the payments as an Excel file."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from billing.models import Invoice, Sheet
from billing.services import cancelling, payments
from mailing.models import Message
from mailing.services import invoice_mail
from optamed.core import dates
from optamed.journal.models import PendingEntry
from tests.factories import World, patient

PART = {"HX-Request": "true"}
PRINT, ZIP, TO_PRINT, PERIOD = "/invoices/print/", "/invoices/zip/", "/invoices/to-print/", "/invoices/period/"
POSTED = ("/invoices/printed/", "/invoices/mail/", "/invoices/hide/")


def ticked(*invoices: Invoice) -> dict[str, list[int]]:
    return {"invoices": [invoice.pk for invoice in invoices]}


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("path", [PRINT, ZIP, TO_PRINT, PERIOD, "/payments/export/", *POSTED])
def test_a_stranger_is_sent_to_the_sign_in(stranger: Client, path: str) -> None:
    assert stranger.post(path).status_code == 302
    assert stranger.get(path).status_code == 302


@pytest.mark.parametrize("path", POSTED)
def test_nothing_changes_by_looking(signed_in: Client, path: str) -> None:
    assert signed_in.get(path).status_code == 405


@pytest.mark.parametrize("path", [TO_PRINT, PERIOD, "/payments/export/"])
def test_pages_are_only_read(signed_in: Client, path: str) -> None:
    assert signed_in.post(path).status_code == 405


def test_ticked_ones_are_one_pdf_for_the_secretary_in_the_order_of_the_list(world: World, desk: Client) -> None:
    first, second, other = world.invoice(), world.invoice(), world.invoice()

    response = desk.post(PRINT, ticked(first, second) | {"query": "sort=number"})

    text = text_of(response.content)
    assert response.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert text.index(str(first.number)) < text.index(str(second.number))
    assert str(other.number) not in text
    assert PendingEntry.objects.filter(verb="exported invoices").count() == 1


def test_all_that_the_filter_finds_is_more_than_the_page(world: World, signed_in: Client) -> None:
    found = world.invoice(patient=patient(last_name="Büchi"))
    world.invoice()

    response = signed_in.post(PRINT, {"all": "1", "query": "q=buchi&state=open", "invoices": "1"})

    assert text_of(response.content).count("Büchi") >= 1
    assert str(found.number) in text_of(response.content)
    assert "Tavernay" not in text_of(response.content)


def test_opening_the_pdf_does_not_say_that_it_is_on_paper(world: World, signed_in: Client) -> None:
    invoice = world.invoice(patient=patient(delivery="print"))

    signed_in.post(PRINT, ticked(invoice))

    assert Invoice.objects.awaiting_paper().get() == invoice


@pytest.mark.parametrize("said", [{}, {"invoices": "x"}, {"invoices": "99999999999999999999"}, {"query": "%%%"}])
@pytest.mark.parametrize("path", [PRINT, ZIP])
def test_nothing_chosen_is_told(world: World, signed_in: Client, path: str, said: dict[str, str]) -> None:
    world.draft()

    response = signed_in.post(path, said, follow=True)

    assert "Choose at least one invoice." in response.content.decode()


def test_drafts_among_them_are_passed_over(world: World, signed_in: Client) -> None:
    invoice, draft = world.invoice(), world.draft()

    response = signed_in.get(PRINT, ticked(invoice, draft))

    assert str(invoice.number) in text_of(response.content)


def test_many_undrawn_sheets_are_drawn_with_a_bar_that_moves(world: World, signed_in: Client) -> None:
    someone = world.patient()
    many = [
        world.invoice(patient=someone, treated_on=dates.today() - timedelta(days=back)) for back in range(9)
    ]  # fmt: skip

    whole = signed_in.post(PRINT, ticked(*many)).content.decode()
    parts = [signed_in.post(PRINT, ticked(*many) | {"draw": "1"}, headers=PART).content.decode()]
    while 'name="draw"' in parts[-1]:
        parts.append(signed_in.post(PRINT, ticked(*many) | {"draw": "1"}, headers=PART).content.decode())
    after = signed_in.post(PRINT, ticked(*many))

    assert "<html" in whole
    assert "0 of 9 are ready" in whole
    assert all("<html" not in part for part in parts)
    assert "9 invoices are ready" in parts[-1]
    assert after.headers["Content-Type"] == "application/pdf"


def test_too_many_copies_are_refused_before_anything_is_drawn(
    world: World, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.services.printing.MOST_COPIES", 1)
    many = [world.invoice(patient=patient(papers="invoice,copy")) for _ in range(2)]

    response = signed_in.post(PRINT, ticked(*many), follow=True)

    assert "at most 100 copies" in response.content.decode()
    assert not Sheet.objects.exists()
    assert signed_in.post(PRINT, ticked(many[0])).headers["Content-Type"] == "application/pdf"


def test_the_zip_leaves_while_it_is_written(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    response = signed_in.post(ZIP, ticked(invoice))

    packed = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert response.streaming
    assert f"{invoice.number}.xml" in packed.namelist()
    assert response.headers["Content-Disposition"].endswith('.zip"')


def test_who_still_gets_paper_the_oldest_first_and_then_none(world: World, signed_in: Client) -> None:
    young = world.invoice(patient=patient(delivery="print"))
    old = world.invoice(patient=patient(delivery="print"), on=dates.today() - timedelta(days=9))
    world.invoice()

    rows = signed_in.get(TO_PRINT).context["rows"]
    told = signed_in.post("/invoices/printed/", ticked(old, young), headers=PART)
    after = signed_in.get(TO_PRINT, headers=PART).content.decode()

    assert [row.invoice for row in rows] == [old, young]
    assert "invoices:changed" in told.headers["HX-Trigger"]
    assert "2 invoices are on paper." in told.headers["HX-Trigger"]
    assert "Nothing to print" in after
    assert "<html" not in after


def test_a_batch_is_printed_and_the_rest_is_announced(
    world: World, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.views.printing.BATCH", 2)
    for _ in range(3):
        world.invoice(patient=patient(delivery="print"))

    page = signed_in.get(TO_PRINT).content.decode()

    assert "Print the first 2" in page
    assert "1 more follows" in page


def test_on_paper_after_all_not(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    signed_in.post("/invoices/printed/", ticked(invoice))

    response = signed_in.post("/invoices/printed/", ticked(invoice) | {"undo": "1"}, follow=True)

    assert "still to print" in response.content.decode()
    assert Invoice.objects.get(pk=invoice.pk).printed_at is None


def test_mailed_together_each_gets_one_message_and_never_two(world: World, signed_in: Client) -> None:
    invoice, unreachable = world.invoice(), world.invoice(patient=patient(email=""))
    later = dates.now() + timedelta(minutes=1)

    first = signed_in.post("/invoices/mail/", ticked(invoice, unreachable), headers=PART)
    invoice_mail.queue_wanted(later)
    second = signed_in.post("/invoices/mail/", ticked(invoice), headers=PART)
    invoice_mail.queue_wanted(later)

    assert "1 invoice leaves by e-mail. 1 has no e-mail address." in first.headers["HX-Trigger"]
    assert "1 was mailed before." in second.headers["HX-Trigger"]
    assert Message.objects.get().invoice == invoice


def test_one_that_was_mailed_from_its_page_is_not_mailed_again_with_many(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    signed_in.post(f"/invoices/{invoice.pk}/mail/")

    signed_in.post("/invoices/mail/", ticked(invoice))
    invoice_mail.queue_wanted(dates.now() + timedelta(minutes=1))

    assert Message.objects.count() == 1


def test_a_draft_is_not_mailed(world: World, signed_in: Client) -> None:
    response = signed_in.post("/invoices/mail/", ticked(world.draft()), follow=True)

    assert "A draft is not sent." in response.content.decode()


def test_cancelled_ones_are_hidden_and_found_again(world: World, signed_in: Client) -> None:
    standing, gone = world.invoice(), world.invoice()
    cancelling.cancel(invoice=gone, reason="Typed twice", by=world.owner)

    signed_in.post("/invoices/hide/", ticked(standing, gone), headers=PART)

    shown, all_of_them = (signed_in.get("/invoices/", query).context for query in ({}, {"hidden": "on"}))
    assert [row.invoice for row in shown["rows"]] == [standing]
    assert shown["figures"].chips[-1].count == 0
    assert {row.invoice for row in all_of_them["rows"]} == {standing, gone}


def test_hiding_what_stands_is_told(world: World, signed_in: Client) -> None:
    response = signed_in.post("/invoices/hide/", ticked(world.invoice()), follow=True)

    assert "Only cancelled invoices can be hidden." in response.content.decode()


def test_a_period_is_last_month_where_nobody_says(world: World, signed_in: Client) -> None:
    last = dates.today().replace(day=1) - timedelta(days=1)
    world.invoice(on=last)
    world.invoice()

    response = signed_in.get(PERIOD)

    assert response.context["figures"].count == 1
    assert f"first_on=01.{last:%m.%Y}" in response.context["query"]


def test_a_period_takes_cancelled_ones_along_when_asked(world: World, signed_in: Client) -> None:
    today = f"{dates.today():%d.%m.%Y}"
    world.invoice()
    cancelling.cancel(invoice=world.invoice(), reason="Typed twice", by=world.owner)
    days = {"first_on": today, "last_on": today}

    without, along = (signed_in.get(PERIOD, days | more) for more in ({}, {"cancelled": "on"}))

    assert [answer.context["figures"].count for answer in (without, along)] == [1, 2]
    packed = signed_in.post(ZIP, {"all": "1", "query": along.context["query"]})
    names = zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))).namelist()  # type: ignore[attr-defined]
    assert sum(name.endswith("_Annulation.pdf") for name in names) == 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("01.11.2026", "31.10.2026", "lies before the first"),
        ("32.10.2026", "31.10.2026", "Write the day as"),
        ("", "", "required"),
    ],
)
def test_a_period_that_is_none_is_told_beside_the_field(
    signed_in: Client, first: str, last: str, sentence: str
) -> None:
    response = signed_in.get(PERIOD, {"first_on": first, "last_on": last}, headers=PART)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert PRINT not in response.content.decode()


def test_more_than_one_pdf_holds_offers_the_zip(
    world: World, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.services.printing.MOST", 1)
    today = f"{dates.today():%d.%m.%Y}"
    for _ in range(2):
        world.invoice()

    page = signed_in.get(PERIOD, {"first_on": today, "last_on": today}).content.decode()
    refused = signed_in.post(PRINT, {"all": "1", "query": ""}, follow=True).content.decode()

    assert "Take the ZIP, or a shorter period." in page
    assert "Take the ZIP, or a shorter period." in refused


def test_to_print_asks_the_database_the_same_for_one_row_and_for_three(
    world: World, signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = []
    for more in (1, 2):
        for _ in range(more):
            world.invoice(patient=patient(delivery="print"))
        signed_in.get(TO_PRINT)

        with django_assert_max_num_queries(8) as queries:
            rows = len(signed_in.get(TO_PRINT).context["rows"])
        asked.append((rows, len(queries)))

    assert [rows for rows, _queries in asked] == [1, 3]
    assert asked[0][1] == asked[1][1]


def test_payments_leave_as_an_excel_file_without_formulas(world: World, signed_in: Client) -> None:
    invoice = world.invoice(patient=patient(last_name="=1+1", first_name="Eve"))
    kept, back = (
        payments.receive(
            patient=invoice.patient, amount=Decimal(amount), received_on=dates.today(), means="cash",
            invoice=invoice, note="@home", by=world.owner,
        )
        for amount in ("20", "30")
    )  # fmt: skip
    payments.cancel(payment=back, by=world.owner)

    response = signed_in.get("/payments/export/", {"state": "cash"})
    cancelled = signed_in.get("/payments/export/", {"state": "cancelled"})

    rows, gone = (
        list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2))
        for answer in (response, cancelled)
    )
    assert [cell.value for cell in rows[0]][1:5] == ["=1+1 Eve", str(invoice.number), "Cash", "@home"]
    assert {rows[0][1].data_type, rows[0][4].data_type} == {"s"}
    assert Decimal(str(rows[0][6].value)) == kept.amount
    assert (len(rows), len(gone), gone[0][5].value) == (1, 1, "Cancelled")
    assert PendingEntry.objects.filter(verb="exported payments").count() == 2
