"""The pages of the books and of the statements, and the files that leave them."""

import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.forms.books import PeriodForm
from billing.forms.lists import SPANS, span_of
from billing.models import Invoice
from billing.services import cancelling, payments
from optamed.core import dates
from optamed.journal.models import PendingEntry
from tests.billing.samples import texts
from tests.factories import World

D = Decimal
PART = {"HX-Request": "true"}
OCTOBER = date(2026, 10, 13)
IN_EXCEL = datetime.combine(OCTOBER, time())  # which knows no days without a time
URLS = ["/books/", "/books/statements/"]


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=dates.ZONE), tick=False):
        yield


def paid(world: World, amount: str = "132", *, on: date = OCTOBER, **given) -> Invoice:
    with dates.pretend(dates.at(on, time(10))):
        invoice = world.invoice(on=on, treated_on=on, **given)
        payments.receive(
            patient=invoice.patient, amount=D(amount), received_on=on, means="twint", invoice=invoice, by=world.owner
        )
    return invoice


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("url", URLS)
def test_each_page_stands_alone_and_as_a_part(world: World, desk: Client, url: str) -> None:
    paid(world)

    whole, part = desk.get(url), desk.get(url, headers=PART)

    assert (whole.status_code, part.status_code) == (200, 200)
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("url", [*URLS, "/books/export/", "/patients/1/statement/"])
def test_strangers_are_led_to_the_door(stranger: Client, url: str) -> None:
    response = stranger.get(url)

    assert response.status_code == 302
    assert "/sign-in/" in response.headers["Location"]


@pytest.mark.parametrize("url", ["/books/export/", "/books/statements/", "/patients/1/statement/"])
def test_what_only_reads_takes_no_post(desk: Client, url: str) -> None:
    assert desk.post(url).status_code == 405


@pytest.mark.parametrize("url", URLS)
def test_an_empty_practice_is_told_so(world: World, desk: Client, url: str) -> None:
    assert "empty-box" in desk.get(url).content.decode()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("last-month", date(2026, 12, 1), date(2026, 12, 31)),
        ("month", date(2027, 1, 1), date(2027, 1, 31)),
        ("last-quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2027, 1, 1), date(2027, 3, 31)),
        ("year", date(2027, 1, 1), date(2027, 12, 31)),
        ("last-year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_days(period: str, first: date, last: date) -> None:
    assert span_of(period, today=date(2027, 1, 31)) == (first, last)


def test_a_period_that_is_none_is_the_last_month() -> None:
    assert PeriodForm({"period": "nonsense"}).span == (date(2026, 10, 1), date(2026, 10, 31))


def test_every_period_can_be_opened(world: World, desk: Client) -> None:
    assert {desk.get("/books/", {"period": name}).status_code for name in SPANS} == {200}


def test_the_last_month_is_chosen_and_its_sums_are_those_of_the_lists(world: World, desk: Client) -> None:
    paid(world, "100")
    gone = paid(world)
    cancelling.cancel(invoice=gone, reason="wrong", by=world.owner)
    paid(world, on=date(2026, 11, 3))

    response = desk.get("/books/")

    book, page = response.context["book"], response.content.decode()
    lists = [desk.get(f"/{name}/?{response.context[f'{name}_query']}") for name in ("invoices", "payments")]
    assert (book.first, book.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert book.standing.amount == lists[0].context["figures"].total == D("132.00")
    assert book.received.amount == lists[1].context["figures"].total == D("232.00")
    assert all(
        f"?{response.context[f'{name}_query']}".replace("&", "&amp;") in page for name in ("invoices", "payments")
    )


def test_days_can_be_typed_and_nonsense_is_told(world: World, desk: Client) -> None:
    paid(world)

    typed = desk.get("/books/", {"first_on": "13.10.2026", "last_on": "13.10.26"})
    before = desk.get("/books/", {"first_on": "14.10.2026", "last_on": "13.10.2026"})
    half = desk.get("/books/", {"first_on": "14.10.2026"})

    assert (typed.context["book"].first, typed.context["book"].last) == (OCTOBER, OCTOBER)
    assert "lies before the first" in before.content.decode()
    assert "Say both days." in half.content.decode()
    assert {response.status_code for response in (typed, before, half)} == {200}


def test_excel_holds_invoices_receipts_and_journal_without_names(world: World, desk: Client) -> None:
    paid(world, "100", patient=world.patient(last_name="=Danger", first_name="+41"))

    response = desk.get("/books/export/")

    book = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = {sheet.title: list(sheet.values) for sheet in book}
    assert response.headers["Content-Disposition"] == 'attachment; filename="optamed-2026-10-01-2026-10-31.xlsx"'
    assert rows["Invoices"][1][:4] == (IN_EXCEL, "F-00001", "Claire Montavel", 132)
    assert rows["Receipts"][1][:4] == (IN_EXCEL, "TWINT", "F-00001", 100)
    assert rows["Journal"][1:] == [
        (IN_EXCEL, "F-00001", "Invoice F-00001", "1100", "3400", 132, 0),
        (IN_EXCEL, "F-00001", "Payment F-00001, TWINT", "1023", "1100", 100, 0),
    ]
    assert "Danger" not in str(rows)


def test_excel_takes_the_same_queries_for_many(world: World, desk: Client) -> None:
    desk.get("/books/")  # which settles the session
    counts = []
    for _ in range(2):
        for _ in range(2):
            with dates.pretend(dates.at(OCTOBER, time(11))):
                cancelling.cancel(invoice=paid(world), reason="wrong", by=world.owner)
        with CaptureQueriesContext(connection) as queries:
            desk.get("/books/export/", {"names": "on"})
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_receipt_says_what_it_was_for_until_its_invoice_was_cancelled(world: World, desk: Client) -> None:
    invoice = paid(world)
    cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)
    payments.cancel(payment=invoice.patient.payments.get(), by=world.owner)

    response = desk.get("/books/export/", {"period": "year"})

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content))["Receipts"].values)[1:]
    assert [(row[2], row[3]) for row in rows] == [("F-00001", 132), (invoice.patient.number_label, -132)]


def test_with_names_a_name_is_text_and_no_formula(world: World, desk: Client) -> None:
    paid(world, patient=world.patient(last_name="=Danger", first_name="Anna"))

    response = desk.get("/books/export/", {"names": "on", "format": "excel"})

    cell = openpyxl.load_workbook(io.BytesIO(response.content))["Invoices"]["C2"]
    assert (cell.value, cell.data_type) == ("=Danger Anna", "s")


def test_cancellations_are_rows_below_zero(world: World, desk: Client) -> None:
    cancelling.cancel(invoice=paid(world, on=date(2026, 11, 3)), reason="wrong", by=world.owner)

    response = desk.get("/books/export/", {"period": "month"})

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content))["Invoices"].values)[1:]
    assert [(row[1], row[3], row[5]) for row in rows] == [("F-00001", 132, "S-00001"), ("F-00001", -132, "S-00001")]


@pytest.mark.parametrize(
    ("wanted", "start"),
    [
        ("banana", b"Date\tDoc\tDescription"),
        ("cresus", b"13.10.2026\t1100\t3400\tF-00001"),
        ("csv", b"\xef\xbb\xbfDate;"),
    ],
)
def test_each_program_gets_its_file(world: World, desk: Client, wanted: str, start: bytes) -> None:
    paid(world)

    response = desk.get("/books/export/", {"format": wanted})

    assert response.content.startswith(start)
    assert "attachment" in response.headers["Content-Disposition"]


def test_an_export_is_in_the_journal(world: World, desk: Client) -> None:
    desk.get("/books/export/", {"format": "banana"})

    assert PendingEntry.objects.filter(verb="exported books").count() == 1


def chart(**changes: str) -> dict[str, str]:
    numbers = {
        "cash": "1000", "bank": "1020", "card": "1022", "twint": "1023", "receivables": "1100", "vat": "2200",
        "income": "3400", "discounts": "3800", "losses": "3805", "rounding": "6943",
    }  # fmt: skip
    return {"method": "agreed"} | numbers | changes


def test_own_accounts_and_the_method_are_kept(world: World, desk: Client) -> None:
    paid(world)

    kept = desk.post("/books/?period=last-month", chart(method="received", twint="1025", income="3410"))

    assert kept.headers["Location"] == "/books/?period=last-month"
    exported = desk.get("/books/export/", {"format": "cresus"}).content
    assert exported == b"13.10.2026\t1025\t3410\tF-00001\tPayment F-00001, TWINT\t132.00\r\n"


@pytest.mark.parametrize("wrong", [{"twint": ""}, {"bank": "=1+1"}, {"income": "3" * 13}, {"method": "guess"}])
def test_what_is_no_account_is_told_at_its_field(world: World, desk: Client, wrong: dict[str, str]) -> None:
    response = desk.post("/books/", chart(**wrong))

    assert response.status_code == 422
    assert set(response.context["accounts"].errors) == set(wrong)


def test_a_patients_year_is_shown_and_drawn(world: World, desk: Client) -> None:
    patient = world.patient()
    paid(world, patient=patient, on=date(2025, 12, 30))
    paid(world, "100", patient=patient)
    url = f"/patients/{patient.pk}/statement/"

    newest, older = desk.get(url), desk.get(url, {"year": "2025"})
    shown, saved = desk.get(url, {"year": "2025", "pdf": ""}), desk.get(url, {"pdf": "", "download": ""})

    assert (newest.context["year"], newest.context["statement"].total) == (2026, D("100.00"))
    assert older.context["statement"].total == D("132.00")
    assert "132.00" in texts(shown.content)[0]
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{patient.number_label}-2026.pdf"'
    assert PendingEntry.objects.filter(verb="drew statement", subject_id=patient.pk).count() == 2


@pytest.mark.parametrize("year", ["1999", "x", "-1", "9" * 30, ""])
def test_a_year_without_money_is_the_newest_with(world: World, desk: Client, year: str) -> None:
    invoice = paid(world)

    response = desk.get(f"/patients/{invoice.patient_id}/statement/", {"year": year})

    assert response.context["year"] == 2026


def test_who_never_paid_is_told_so_and_gets_no_letter(world: World, desk: Client) -> None:
    patient = world.patient()

    response = desk.get(f"/patients/{patient.pk}/statement/?pdf")

    assert response.headers["Content-Type"].startswith("text/html")
    assert "Nothing was paid yet" in response.content.decode()
    assert desk.get("/patients/99999/statement/").status_code == 404


def test_the_tab_of_invoices_leads_to_the_statement(world: World, desk: Client) -> None:
    patient = world.patient()

    page = desk.get(f"/patients/{patient.pk}/invoices/").content.decode()

    assert f'href="/patients/{patient.pk}/statement/"' in page


def test_all_statements_of_a_year_are_one_pdf(world: World, desk: Client) -> None:
    for name, amount in (("Aebi", "132"), ("Zumstein", "100"), ("Little", "20")):
        paid(world, amount, patient=world.patient(last_name=name))

    listed = desk.get("/books/statements/", {"least": "50"})
    drawn = desk.get("/books/statements/", {"least": "50", "file": "pdf"})

    assert [one.patient.last_name for one in listed.context["payers"]] == ["Aebi", "Zumstein"]
    pages = texts(drawn.content)
    assert ["Aebi" in pages[0], "Zumstein" in pages[1], len(pages)] == [True, True, 2]
    assert PendingEntry.objects.filter(verb="drew statements").count() == 1


def test_all_statements_of_a_year_are_a_zip_that_names_nobody(world: World, desk: Client) -> None:
    invoices = [paid(world, patient=world.patient(last_name=name)) for name in ("Aebi", "Zumstein")]

    response = desk.get("/books/statements/", {"file": "zip", "year": "2026"})

    packed = zipfile.ZipFile(io.BytesIO(body(response)))
    assert packed.testzip() is None
    assert packed.namelist() == [f"{one.patient.number_label}-2026.pdf" for one in invoices]
    assert "Zumstein" in texts(packed.read(packed.namelist()[1]))[0]


def test_an_amount_that_cannot_be_read_is_told(world: World, desk: Client) -> None:
    paid(world)

    response = desk.get("/books/statements/", {"least": "much"})

    assert response.status_code == 200
    assert "Write the amount as" in response.content.decode()
    assert len(response.context["payers"]) == 1


def test_the_statistics_lead_to_the_books(world: World, desk: Client) -> None:
    assert 'href="/books/"' in desk.get("/statistics/").content.decode()


def test_the_books_belong_to_the_statistics_in_the_rail(signed_in: Client) -> None:
    page = signed_in.get("/books/").content.decode()

    assert re.search(r'href="/statistics/" aria-current="page"', page)
