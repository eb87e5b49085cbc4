"""The page of a draft and its options, and what follows an invoice that was issued: papers, XML, correcting, hiding."""

import hashlib
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from agenda.consultations.services.lines import LineInput
from billing.forms.drafts import stored
from billing.models import InsurerRequest, Invoice, InvoiceSettings
from billing.services import cancelling, drafting, invoicing
from optamed.core import dates
from optamed.journal.models import PendingEntry
from optamed.practice.models import BankAccount
from tests.factories import World, patient

PART = {"HX-Request": "true"}
OTHER = {"who": "other", "name": "Carole Wyss", "street": "Rue Haute", "postcode": "2502", "town": "Biel/Bienne"}


def url(name: str, invoice: Invoice, *more: str) -> str:
    return reverse(f"billing:{name}", args=[invoice.pk, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def drawn(answer: Any) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def wishes(draft: Invoice, **changed: Any) -> dict[str, Any]:
    return {name: "" if value is None else value for name, value in stored(draft).items()} | changed


# --- who and how ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["options", "correct", "xml", "hide", "show"])
def test_a_stranger_is_led_to_the_door(world: World, stranger: Client, name: str) -> None:
    answer = stranger.get(url(name, world.invoice()))

    assert answer.headers["Location"].startswith(reverse("practice:sign-in"))


@pytest.mark.parametrize("name", ["hide", "show"])
def test_what_changes_is_never_a_get(world: World, signed_in: Client, name: str) -> None:
    assert signed_in.get(url(name, world.invoice())).status_code == 405


@pytest.mark.parametrize("name", ["options", "correct", "xml"])
def test_an_unknown_invoice_is_not_found(signed_in: Client, name: str) -> None:
    assert signed_in.get(reverse(f"billing:{name}", args=[4711])).status_code == 404


@pytest.mark.parametrize("name", ["options", "correct"])
def test_the_dialogs_are_pages_too(world: World, desk: Client, name: str) -> None:
    path = url(name, world.draft() if name == "options" else world.invoice())

    whole, part = desk.get(path), desk.get(path, headers=PART)

    assert "<html" in text(whole)
    assert text(part).startswith(f'<div id="{name}"')


# --- options -------------------------------------------------------------------------------------------------------


def test_options_are_kept_and_the_page_reloads(world: World, signed_in: Client) -> None:
    draft = world.draft()

    answer = signed_in.post(
        url("options", draft), wishes(draft, **OTHER, language="de", payment_days="10", discount="12"), headers=PART
    )

    draft.refresh_from_db()
    assert answer.status_code == 204
    assert "invoices:changed" in answer.headers["HX-Trigger"]
    assert (draft.recipient["name"], draft.language, draft.payment_days) == ("Carole Wyss", "de", 10)
    assert draft.total == Decimal("120.00")
    page = text(signed_in.get(draft.get_absolute_url()))
    assert "to Carole Wyss" in page
    assert "10 days" in page


def test_what_is_wrong_comes_back_with_all_that_was_typed(world: World, signed_in: Client) -> None:
    draft = world.draft()

    answer = signed_in.post(url("options", draft), wishes(draft, **OTHER, discount="900", remark="Typed"), headers=PART)

    assert answer.status_code == 422
    assert "larger than the services of CHF 132.00" in text(answer)
    assert ("Carole Wyss" in text(answer), "Typed" in text(answer)) == (True, True)


def test_while_typing_only_the_notes_are_swapped_and_nothing_is_kept(world: World, signed_in: Client) -> None:
    draft = world.draft()

    answer = signed_in.post(
        url("options", draft) + "?check", wishes(draft, **OTHER | {"name": "x" * 36}, remark="12345"), headers=PART
    )

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert "holds 35 characters, these are 36" in text(answer)
    assert "5 of 350 characters" in text(answer)
    assert "<input" not in text(answer)
    assert draft.recipient == {}


def test_the_address_goes_into_the_file_where_that_is_wanted(world: World, signed_in: Client) -> None:
    draft = world.draft()

    for address, also in (("once@example.ch", ""), ("always@example.ch", "on")):
        signed_in.post(url("options", draft), wishes(draft, recipient_email=address, also_file=also))

    draft.refresh_from_db()
    draft.patient.refresh_from_db()
    assert (draft.recipient_email, draft.patient.email) == ("always@example.ch", "always@example.ch")


def test_an_address_for_once_leaves_the_file_alone(world: World, signed_in: Client) -> None:
    draft = world.draft()

    signed_in.post(url("options", draft), wishes(draft, recipient_email="once@example.ch"))

    draft.patient.refresh_from_db()
    assert draft.patient.email == "marc.tavernay@example.ch"


@pytest.mark.parametrize("method", ["get", "post"])
def test_options_of_an_issued_invoice_are_refused(world: World, signed_in: Client, method: str) -> None:
    draft = world.draft()
    typed = wishes(draft, discount="12")
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)

    answer = getattr(signed_in, method)(url("options", draft), typed, headers=PART)

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert "already issued" in answer.headers["HX-Trigger"]
    assert draft.discount == 0


def test_the_remarks_of_the_visits_stand_in_the_field(world: World, signed_in: Client) -> None:
    draft = drafting.change(invoice=world.draft(), by=world.owner, remark="After the accident")

    assert "After the accident" in text(signed_in.get(url("options", draft)))


def test_a_euro_invoice_shows_francs_and_euros(world: World, signed_in: Client) -> None:
    draft = world.draft()
    signed_in.post(url("options", draft), wishes(draft, currency="EUR", euro_rate="0.96"))
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)

    page = text(signed_in.get(draft.get_absolute_url()))

    assert "CHF 132.00" in page
    assert "EUR 137.50" in page
    assert "QR sheet" not in page


# --- what is missing -----------------------------------------------------------------------------------------------


def test_what_blocks_is_refused_even_without_the_button(world: World, signed_in: Client) -> None:
    draft = world.draft()
    BankAccount.objects.all().delete()

    answer = signed_in.post(url("issue", draft), headers=PART)

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert "no bank account" in answer.headers["HX-Trigger"]
    assert draft.is_draft


@pytest.mark.parametrize(("rule", "checked"), [("letter", "letter"), ("placeholders", "placeholders")])
def test_the_choice_stands_as_the_practice_wants_it(world: World, signed_in: Client, rule: str, checked: str) -> None:
    InvoiceSettings.objects.create(pk=1, when_incomplete=rule)
    draft = world.draft(patient=patient(avs=""))

    page = text(signed_in.get(draft.get_absolute_url()))

    assert f'name="papers" value="{checked}" form="issue-form" checked' in page


def test_a_choice_is_kept_at_once_and_the_preview_follows(world: World, signed_in: Client) -> None:
    draft = world.draft(patient=patient(avs=""))

    answer = signed_in.post(url("options", draft), {"part": "papers", "papers": "placeholders"}, headers=PART)

    draft.refresh_from_db()
    assert (answer.status_code, draft.forms) == (204, "placeholders")
    assert "QR sheet" in text(signed_in.get(draft.get_absolute_url()))


@pytest.mark.parametrize(("chosen", "requests"), [("letter", 0), ("placeholders", 1), ("nonsense", 0)])
def test_issuing_makes_the_papers_that_were_chosen(world: World, signed_in: Client, chosen: str, requests: int) -> None:
    draft = world.draft(patient=patient(avs=""))

    signed_in.post(url("issue", draft), {"papers": chosen})

    draft.refresh_from_db()
    assert draft.number == "F-00001"
    assert InsurerRequest.objects.count() == requests


def test_without_sex_there_is_nothing_to_choose(world: World, signed_in: Client) -> None:
    draft = world.draft(patient=patient(sex=""))

    page = text(signed_in.get(draft.get_absolute_url()))

    assert "only the patient's invoice" in page
    assert 'name="papers"' not in page


# --- issuing -------------------------------------------------------------------------------------------------------


def test_a_date_too_far_ahead_is_told_beside_the_field(world: World, signed_in: Client) -> None:
    draft = world.draft()

    answer = signed_in.post(url("issue", draft), {"on": "31.12.2149"}, headers=PART)

    assert answer.status_code == 422
    assert text(answer).lstrip().startswith('<div id="invoice"')
    assert 'value="31.12.2149"' in text(answer)
    assert "at most 45 days ahead" in text(answer)


def test_a_date_that_was_typed_outlives_a_change_of_the_options(world: World, signed_in: Client) -> None:
    draft = world.draft()

    answer = signed_in.get(draft.get_absolute_url(), {"on": "1.12.26", "paper": "annex"}, headers=PART)

    assert 'value="1.12.26"' in text(answer)
    assert 'id="paper-shown" name="paper" value="annex"' in text(answer)


def test_the_preview_is_of_the_day_that_was_typed(world: World, signed_in: Client) -> None:
    draft, day = world.draft(), dates.today() + timedelta(days=7)

    paper = signed_in.get(url("paper", draft, "invoice"), {"on": f"{day:%d.%m.%Y}"})

    assert f"{day:%d.%m.%Y}" in drawn(paper)
    assert f"{day:%d.%m.%Y}" not in drawn(signed_in.get(url("paper", draft, "invoice")))


@pytest.mark.parametrize("typed", ["", "31.2.2026", "1.1.1850", "tomorrow"])
def test_a_day_that_cannot_be_is_previewed_as_today(world: World, signed_in: Client, typed: str) -> None:
    paper = signed_in.get(url("paper", world.draft(), "invoice"), {"on": typed})

    assert f"{dates.today():%d.%m.%Y}" in drawn(paper)


def test_every_link_to_a_preview_carries_the_typed_day(world: World, signed_in: Client) -> None:
    draft = world.draft()

    answer = signed_in.get(draft.get_absolute_url(), {"on": "1.12.26"})

    page, tabs = text(answer), answer.context["tabs"]
    path = url("paper", draft, "annex")
    assert (tabs[2].shown, tabs[2].download) == (f"{path}?on=1.12.26", f"{path}?download&on=1.12.26")
    assert tabs[2].page == f"{draft.get_absolute_url()}?paper=annex&on=1.12.26"
    assert all(f'href="{tab.shown}"' in page for tab in tabs)
    assert f'src="{tabs[0].shown}#' in page


def test_the_papers_of_an_issued_invoice_have_no_day_of_their_own(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    tab = signed_in.get(invoice.get_absolute_url(), {"on": "1.12.26"}).context["tab"]

    assert (tab.shown, tab.download) == (tab.url, f"{tab.url}?download")


def test_typing_a_day_swaps_the_paper_alone_and_leaves_the_button(world: World, signed_in: Client) -> None:
    page = text(signed_in.get(world.draft().get_absolute_url()))

    field = page[page.index('id="id_on"') - 400 : page.index('id="id_on"') + 400]
    assert 'hx-trigger="change"' in field
    assert 'hx-target="#invoice-paper"' in field
    assert 'hx-disabled-elt="unset"' in field


@pytest.mark.parametrize(("delivery", "words"), [("mail", "Issue and send"), ("print", ">Issue<")])
def test_the_button_says_whether_a_mail_leaves(world: World, signed_in: Client, delivery: str, words: str) -> None:
    draft = drafting.change(invoice=world.draft(), by=world.owner, delivery=delivery)

    page = text(signed_in.get(draft.get_absolute_url())).replace("</svg>", ">")

    assert words in page


@pytest.mark.parametrize(("posted", "wanted"), [({"mail": "yes"}, True), ({}, False)])
def test_a_mail_leaves_only_where_it_is_asked_for(
    world: World, signed_in: Client, posted: dict[str, str], wanted: bool
) -> None:
    draft = world.draft()

    signed_in.post(url("issue", draft), posted)

    draft.refresh_from_db()
    assert draft.mail_wanted is wanted


def test_an_invoice_of_nothing_may_be_issued(world: World, signed_in: Client) -> None:
    draft = world.draft()
    signed_in.post(url("options", draft), wishes(draft, discount="132", discount_text="A gift"))

    signed_in.post(url("issue", draft))

    draft.refresh_from_db()
    assert (draft.number, draft.total, draft.is_paid) == ("F-00001", Decimal("0.00"), True)


def test_an_invoice_of_99_lines_is_previewed_and_issued(world: World, signed_in: Client) -> None:
    lines = [LineInput(Decimal(1), own_text=f"Exercise {number}", unit_price=Decimal(1)) for number in range(99)]
    draft = world.draft(lines=lines)

    preview = signed_in.get(url("paper", draft, "form"))
    signed_in.post(url("issue", draft))

    draft.refresh_from_db()
    assert preview.content.startswith(b"%PDF-")
    assert (draft.number, draft.sheets.count()) == ("F-00001", 3)


# --- papers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["invoice", "form", "annex", "copy", "print"])
def test_each_paper_of_an_issued_invoice_is_a_pdf(world: World, signed_in: Client, name: str) -> None:
    answer = signed_in.get(url("paper", world.invoice(), name))

    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox ")


@pytest.mark.parametrize("name", ["nonsense", "copy", "print", "storno"])
def test_a_draft_has_no_such_paper(world: World, signed_in: Client, name: str) -> None:
    assert signed_in.get(url("paper", world.draft(), name)).status_code == 404


def test_a_paper_that_was_not_made_is_told(world: World, signed_in: Client) -> None:
    answer = signed_in.get(url("paper", world.invoice(patient=patient(sex="")), "form"))

    assert answer.status_code == 409
    assert "has no such paper" in text(answer)


def test_the_tabs_name_the_papers_there_are(world: World, signed_in: Client) -> None:
    full, letter = world.invoice(), world.invoice(patient=patient(sex=""))

    tabs = [[tab.paper for tab in signed_in.get(one.get_absolute_url()).context["tabs"]] for one in (full, letter)]

    assert tabs == [["invoice", "form", "annex"], ["invoice"]]


def test_a_cancelled_invoice_shows_its_counter_document_first(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    cancelling.cancel(invoice=invoice, reason="Wrong insurer", by=world.owner)

    shown = signed_in.get(invoice.get_absolute_url())
    paper = signed_in.get(url("paper", invoice, "storno"))

    assert shown.context["tab"].paper == "storno"
    assert paper.content.startswith(b"%PDF-")
    assert paper.headers["Content-Disposition"] == 'inline; filename="F-00001-storno.pdf"'


def test_the_xml_leaves_as_it_was_frozen_and_the_journal_says_so(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    answer = signed_in.get(url("xml", invoice))

    frozen = InsurerRequest.objects.get()
    assert hashlib.sha256(answer.content).hexdigest() == frozen.sha256
    assert answer.headers["Content-Disposition"] == 'attachment; filename="F-00001.xml"'
    assert PendingEntry.objects.filter(verb="exported xml", subject_id=invoice.pk).exists()


def test_where_no_xml_was_made_it_says_so(world: World, signed_in: Client) -> None:
    answer = signed_in.get(url("xml", world.invoice(patient=patient(sex=""))), headers=PART)

    assert answer.status_code == 409
    assert not PendingEntry.objects.filter(verb="exported xml").exists()


# --- correcting, hiding --------------------------------------------------------------------------------------------


def test_correcting_cancels_and_opens_a_draft_of_the_same_visits(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    visit = invoice.consultations.get()

    answer = signed_in.post(url("correct", invoice), {"reason": "Wrong services"}, headers=PART)

    draft = Invoice.objects.get(corrects=invoice)
    assert answer.headers["HX-Redirect"] == draft.get_absolute_url()
    assert (draft.is_draft, draft.consultations.get()) == (True, visit)
    assert "Takes the place of" in text(signed_in.get(draft.get_absolute_url()))
    assert draft.get_absolute_url() in text(signed_in.get(invoice.get_absolute_url()))


def test_correcting_needs_a_reason(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    answer = signed_in.post(url("correct", invoice), {"reason": ""}, headers=PART)

    invoice.refresh_from_db()
    assert (answer.status_code, invoice.is_issued) == (422, True)


def test_correcting_twice_is_told(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    first, second = (signed_in.post(url("correct", invoice), {"reason": "Again"}, headers=PART) for _click in range(2))

    assert (first.status_code, second.status_code) == (204, 409)
    assert Invoice.objects.filter(corrects=invoice).count() == 1


def test_a_cancelled_invoice_is_hidden_and_shown_again(world: World, signed_in: Client) -> None:
    invoice = world.invoice()
    cancelling.cancel(invoice=invoice, reason="Typed twice", by=world.owner)

    hidden = signed_in.post(url("hide", invoice), headers=PART)
    page = text(signed_in.get(invoice.get_absolute_url()))
    signed_in.post(url("show", invoice), headers=PART)

    invoice.refresh_from_db()
    assert "invoices:changed" in json.loads(hidden.headers["HX-Trigger"])
    assert ("Hidden from the lists" in page, url("show", invoice) in page) == (True, True)
    assert invoice.hidden_at is None


def test_an_invoice_that_stands_is_not_hidden(world: World, signed_in: Client) -> None:
    invoice = world.invoice()

    answer = signed_in.post(url("hide", invoice), headers=PART)

    invoice.refresh_from_db()
    assert (answer.status_code, invoice.hidden_at) == (409, None)


def test_the_history_names_both_of_a_pair(world: World, signed_in: Client) -> None:
    old = world.invoice()
    draft = cancelling.correct(invoice=old, reason="Wrong services", by=world.owner)
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)

    told = [
        [event.sentence for event in signed_in.get(one.get_absolute_url()).context["history"]] for one in (old, draft)
    ]

    assert "Corrected by F-00002" in told[0]
    assert "Takes the place of F-00001" in told[1]
