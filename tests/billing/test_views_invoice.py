"""One invoice: its page by state, its paper, issuing, cancelling, deleting."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing import file_names
from billing.models import Cancellation, Invoice, Sheet
from billing.reports import states
from billing.services import cancelling, payments
from optamed.core import dates
from optamed.practice.models import BankAccount
from tests.factories import World, patient

PART = {"HX-Request": "true"}


def url(name: str, invoice: Invoice) -> str:
    return reverse(f"billing:{name}", args=[invoice.pk])


@pytest.mark.parametrize("name", ["invoice", "pdf", "cancel", "pay"])
def test_a_stranger_sees_nothing(world: World, stranger: Client, name: str) -> None:
    response = stranger.get(url(name, world.invoice()))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("practice:sign-in"))


@pytest.mark.parametrize("name", ["issue", "delete"])
def test_what_changes_is_never_a_get(world: World, signed_in: Client, name: str) -> None:
    assert signed_in.get(url(name, world.draft())).status_code == 405


@pytest.mark.parametrize("name", ["invoice", "pdf", "cancel", "pay"])
def test_an_unknown_invoice_is_not_found(world: World, signed_in: Client, name: str) -> None:
    assert signed_in.get(reverse(f"billing:{name}", args=[4711])).status_code == 404


def test_the_secretary_reads_the_page_and_its_part(world: World, desk: Client) -> None:
    invoice = world.invoice()

    whole, part = desk.get(invoice.get_absolute_url()), desk.get(invoice.get_absolute_url(), headers=PART)

    assert "<html" in whole.content.decode()
    assert part.content.decode().lstrip().startswith('<div id="invoice"')
    assert "Marc Tavernay" in part.content.decode()


def test_each_state_has_its_one_primary_action(world: World, signed_in: Client) -> None:
    draft, owing, paid = world.draft(), world.invoice(), world.invoice()
    payments.receive(
        patient=paid.patient, amount=paid.total, received_on=dates.today(), means="cash", invoice=paid, by=world.owner
    )

    pages = {invoice.pk: signed_in.get(invoice.get_absolute_url()).content.decode() for invoice in (draft, owing, paid)}

    assert 'form="issue-form"' in pages[draft.pk]
    assert "data-primary" in pages[owing.pk]
    assert "data-primary" not in pages[paid.pk]
    assert all(page.count("data-primary") <= 1 for page in pages.values())


def test_an_overdue_invoice_says_since_when(world: World, signed_in: Client) -> None:
    invoice = world.invoice(on=dates.today() - timedelta(days=42))

    page = signed_in.get(invoice.get_absolute_url()).content.decode()

    assert "Overdue, 12 days" in page


def test_a_draft_without_an_account_says_what_is_missing_and_where(world: World, signed_in: Client) -> None:
    draft = world.draft()
    BankAccount.objects.all().delete()

    response = signed_in.get(draft.get_absolute_url())

    assert response.context["blocking"]
    assert reverse("practice:accounts") in response.content.decode()
    assert "data-primary disabled" in response.content.decode()


def test_what_only_an_insurer_misses_does_not_block(world: World, signed_in: Client) -> None:
    draft = world.draft(patient=patient(avs=""))

    response = signed_in.get(draft.get_absolute_url())

    assert "AVS number is missing" in response.content.decode()
    assert not response.context["blocking"]


def test_the_paper_is_the_stored_one_byte_for_byte(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    Sheet.objects.create(invoice=invoice, pdf=b"%PDF-1.7 as issued", sha256="0" * 64)

    response = signed_in.get(url("pdf", invoice))

    assert response.content == b"%PDF-1.7 as issued"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="F-00001.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox ")
    assert "allow-same-origin" not in response.headers["Content-Security-Policy"]


def test_a_paper_that_a_crash_left_out_is_drawn_when_it_is_looked_at(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    response = signed_in.get(url("pdf", invoice))

    assert response.content.startswith(b"%PDF-")
    assert bytes(Sheet.objects.get(kind=Sheet.Kind.INVOICE).pdf) == response.content


def test_a_draft_is_previewed_and_nothing_is_stored(world: World, signed_in: Client) -> None:
    draft = world.draft()

    response = signed_in.get(url("pdf", draft) + "?download")

    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"] == f'attachment; filename="draft-{draft.pk}.pdf"'
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("number", ["../../etc/passwd", 'F"; filename="x.exe', "F-1\r\nSet-Cookie: a=b", "F-é"])
def test_a_hostile_number_never_gets_into_a_file_name(number: str) -> None:
    name = file_names.of_invoice(number, 1)

    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert name.count(".") == 1


def test_issuing_gives_number_date_and_paper(world: World, signed_in: Client) -> None:
    draft = world.draft()
    day = dates.today() + timedelta(days=3)

    response = signed_in.post(url("issue", draft), {"on": f"{day:%d.%m.%Y}"}, follow=True)

    draft.refresh_from_db()
    assert (draft.number, draft.issued_on) == ("F-00001", day)
    assert draft.sheets.exists()
    assert "Invoice F-00001 is issued." in response.content.decode()


def test_a_double_click_makes_one_invoice_and_a_sentence(world: World, signed_in: Client) -> None:
    draft = world.draft()
    path = url("issue", draft)

    signed_in.post(path)
    again = signed_in.post(path, headers={"Referer": f"http://testserver{draft.get_absolute_url()}"}, follow=True)

    draft.refresh_from_db()
    assert draft.number == "F-00001"
    assert again.redirect_chain[-1][0].endswith(draft.get_absolute_url())
    assert "already issued" in again.content.decode()
    assert world.invoice().number == "F-00002"


@pytest.mark.parametrize("day", ["31.02.2026", "tomorrow"])
def test_a_day_that_is_none_issues_nothing(world: World, signed_in: Client, day: str) -> None:
    draft = world.draft()

    response = signed_in.post(url("issue", draft), {"on": day}, follow=True)

    draft.refresh_from_db()
    assert draft.is_draft
    assert "Write the day as" in response.content.decode()


def test_more_than_45_days_ahead_is_refused(world: World, signed_in: Client) -> None:
    draft = world.draft()
    day = dates.today() + timedelta(days=46)

    response = signed_in.post(url("issue", draft), {"on": f"{day:%d.%m.%Y}"}, follow=True)

    draft.refresh_from_db()
    assert draft.is_draft
    assert "45 days" in response.content.decode()


def test_the_cancel_dialog_is_a_page_too(world: World, signed_in: Client) -> None:
    path = url("cancel", world.invoice())

    whole, part = signed_in.get(path), signed_in.get(path, headers=PART)

    assert "<html" in whole.content.decode()
    assert part.content.decode().startswith('<div id="cancel"')


def test_cancelling_needs_a_reason(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    response = signed_in.post(url("cancel", invoice), {"reason": "  "}, headers=PART)

    assert response.status_code == 422
    assert not Cancellation.objects.exists()


def test_cancelling_makes_the_counter_document_and_frees_the_visit(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    visit = invoice.consultations.get()

    response = signed_in.post(url("cancel", invoice), {"reason": "Wrong insurer"}, headers=PART)
    page = signed_in.get(invoice.get_absolute_url()).content.decode()

    visit.refresh_from_db()
    assert response.status_code == 204
    assert "invoices:changed" in response.headers["HX-Trigger"]
    assert "S-00001" in page
    assert "Wrong insurer" in page
    assert not visit.is_billed


def test_cancelling_twice_is_told(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    cancelling.cancel(invoice=invoice, reason="first", by=world.owner)

    response = signed_in.post(url("cancel", invoice), {"reason": "second"}, headers=PART)

    assert response.status_code == 409
    assert Cancellation.objects.get().reason == "first"


def test_a_draft_can_go_and_its_visit_is_free(world: World, signed_in: Client) -> None:
    draft = world.draft()
    visit = draft.consultations.get()

    response = signed_in.post(url("delete", draft))

    visit.refresh_from_db()
    assert response.headers["Location"] == reverse("billing:invoices")
    assert not Invoice.objects.exists()
    assert not visit.is_billed


def test_an_issued_invoice_is_never_deleted(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    response = signed_in.post(url("delete", invoice), headers=PART)

    assert response.status_code == 409
    assert Invoice.objects.get() == invoice


def test_the_history_tells_what_happened_newest_first(world: World, signed_in: Client) -> None:
    invoice = world.invoice(on=dates.today() - timedelta(days=40))
    payments.receive(
        patient=invoice.patient, amount=Decimal(50), received_on=dates.today(), means="twint",
        invoice=invoice, by=world.owner,
    )  # fmt: skip

    history = signed_in.get(invoice.get_absolute_url()).context["history"]

    told = [event.sentence for event in history]
    assert told[0] == "CHF 50.00 received: TWINT"
    assert {"Overdue", "Issued", "Prepared by Claire Montavel"} <= set(told)


def test_what_took_its_place_is_asked_once(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    cancelling.correct(invoice=invoice, reason="Wrong insurer", by=world.owner)

    with CaptureQueriesContext(connection) as asked:
        page = signed_in.get(invoice.get_absolute_url()).content.decode()

    assert "takes its place" in page
    assert "A corrected draft is made" in page
    assert sum('WHERE "billing_invoice"."corrects_id"' in query["sql"] for query in asked.captured_queries) == 1


def test_a_hostile_name_stays_text(world: World, signed_in: Client) -> None:
    invoice = world.invoice(patient=patient(first_name="<script>alert(1)</script>"))

    page = signed_in.get(invoice.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_badges_of_reports_agree_with_the_questions(world: World) -> None:
    invoice = world.invoice(on=dates.today() - timedelta(days=40))
    today = dates.today()

    same = [
        set(Invoice.objects.filter(states.state_of_invoices("overdue", on=today)))
        == set(Invoice.objects.overdue(today)),
        set(Invoice.objects.filter(states.state_of_invoices("open", on=today))) == set(Invoice.objects.open()),
        set(Invoice.objects.filter(states.state_of_invoices("paid", on=today))) == set(Invoice.objects.paid()),
        set(Invoice.objects.filter(states.state_of_invoices("part", on=today))) == set(Invoice.objects.partly_paid()),
    ]

    assert all(same)
    assert states.badge(invoice, on=today).tone == "bad"
