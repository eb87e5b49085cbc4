"""The mail of an invoice."""

import email
import io
from collections.abc import Callable
from datetime import timedelta
from email.policy import default
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from billing.models import Invoice, Sheet
from billing.services import cancelling, invoicing, printing
from mailing.models import MailAccount, Message
from mailing.services import invoice_mail, outbox, sending, telling
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from optamed.practice.models import User
from tests import factories
from tests.mailing.servers import Mailbox, Park

State = Message.State


@pytest.fixture
def invoice(world: factories.World) -> Any:
    """Issued in French, its sheet stored (a short stand-in: drawing is billing's business)."""
    return _issued(world)


def _issued(world: factories.World) -> Invoice:
    made = world.invoice()
    Sheet.objects.create(invoice=made, pdf=b"%PDF-1.7 stored", sha256="0" * 64)
    Invoice.objects.filter(pk=made.pk).update(forms=Invoice.Forms.LETTER)
    made.refresh_from_db()
    return made


def read(message: Message) -> Any:
    return email.message_from_bytes(bytes(message.mime), policy=default)


def test_the_mail_speaks_the_invoice_s_language_and_carries_the_stored_sheet(invoice: Any, owner: User) -> None:
    message = invoice_mail.mail_invoice(invoice=invoice, by=owner)

    letter = read(message)
    [sheet] = letter.iter_attachments()
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == f"Cabinet Trois-Lacs: facture {invoice.number}"
    assert "payable jusqu’au" in text
    assert "CHF 132.00" in text
    assert (sheet.get_filename(), sheet.get_content()) == (f"Facture_{invoice.number}.pdf", b"%PDF-1.7 stored")
    assert (message.patient, message.invoice, message.recipient) == (
        invoice.patient,
        invoice,
        "marc.tavernay@example.ch",
    )


def drawn(world: factories.World, **wishes: str) -> Invoice:
    return invoicing.finish(invoice=world.invoice(patient=world.patient(**wishes)))


def attached(message: Message) -> dict[str, bytes]:
    return {part.get_filename(): part.get_content() for part in read(message).iter_attachments()}


def words(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_the_insurer_s_papers_are_a_second_file_in_page_order(world: factories.World, owner: User) -> None:
    made = drawn(world)
    sheets = {sheet.kind: bytes(sheet.pdf) for sheet in made.sheets.all()}

    files = attached(invoice_mail.mail_invoice(invoice=made, by=owner))

    assert list(files) == [f"Facture_{made.number}.pdf", f"Justificatif_{made.number}.pdf"]
    assert files[f"Facture_{made.number}.pdf"] == sheets["invoice"]
    assert words(files[f"Justificatif_{made.number}.pdf"]) == words(sheets["form"]) + words(sheets["annex"])


@pytest.mark.parametrize(
    ("language", "papers", "names"),
    [
        ("de", "invoice", ["Rechnung"]),
        ("it", "form,annex", ["Giustificativo"]),
        ("en", "invoice,form", ["Invoice", "Insurer"]),
        ("fr", "invoice,copy", ["Facture", "Justificatif"]),
    ],
)
def test_what_is_attached_is_the_patient_s_choice_in_the_patient_s_language(
    world: factories.World, owner: User, language: str, papers: str, names: list[str]
) -> None:
    made = drawn(world, language=language, papers=papers)

    files = attached(invoice_mail.mail_invoice(invoice=made, by=owner))

    assert list(files) == [f"{name}_{made.number}.pdf" for name in names]


def test_a_mail_that_was_written_is_noted_on_the_invoice(invoice: Any, owner: User) -> None:
    invoice_mail.mail_invoice(invoice=invoice, by=owner)

    invoice.refresh_from_db()
    assert invoice.mail_wanted


def test_nothing_in_the_subject_names_the_patient(invoice: Any, owner: User) -> None:
    message = invoice_mail.mail_invoice(invoice=invoice, by=owner)

    assert invoice.patient.last_name not in message.subject


def test_asked_twice_it_is_one_message(invoice: Any, owner: User) -> None:
    first = invoice_mail.mail_invoice(invoice=invoice, by=owner)
    second = invoice_mail.mail_invoice(invoice=invoice, by=owner)

    assert first.pk == second.pk


def test_a_draft_is_not_sent(world: factories.World, owner: User) -> None:
    with pytest.raises(DomainError, match="draft"):
        invoice_mail.mail_invoice(invoice=world.draft(), by=owner)


def test_a_cancelled_invoice_is_not_sent(invoice: Any, owner: User) -> None:
    cancelling.cancel(invoice=invoice, reason="Typed twice", by=owner)

    with pytest.raises(DomainError, match="is cancelled"):
        invoice_mail.mail_on_request(invoice=invoice, by=owner)


def test_the_mail_of_an_invoice_that_is_cancelled_meanwhile_is_withdrawn_and_journalled(
    invoice: Any, world: factories.World, owner: User
) -> None:
    another = _issued(world)
    message = invoice_mail.mail_invoice(invoice=invoice, by=owner)
    other = invoice_mail.mail_invoice(invoice=another, by=owner)
    cancelling.cancel(invoice=invoice, reason="Typed twice", by=owner)

    sending.withdraw_void()

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, other.state) == (State.CANCELLED, State.QUEUED)
    assert PendingEntry.objects.filter(verb="withdrawn", subject_id=message.pk).count() == 1


def test_without_an_address_it_says_so_and_leads_to_the_file(invoice: Any, owner: User) -> None:
    invoice.recipient_email = ""

    with pytest.raises(DomainError) as refused:
        invoice_mail.mail_invoice(invoice=invoice, by=owner)

    assert refused.value.link == invoice.patient.get_absolute_url()


def test_an_issued_invoice_that_wants_mail_and_has_none_gets_it(invoice: Any) -> None:
    type(invoice).objects.filter(pk=invoice.pk).update(mail_wanted=True)
    now = dates.now() + timedelta(minutes=1)

    queued = [invoice_mail.queue_wanted(now), invoice_mail.queue_wanted(now)]

    assert queued == [1, 0]
    assert Message.objects.get().invoice == invoice


def test_a_withdrawn_mail_is_not_written_again_by_itself(invoice: Any, owner: User) -> None:
    type(invoice).objects.filter(pk=invoice.pk).update(mail_wanted=True)
    outbox.withdraw(message=invoice_mail.mail_invoice(invoice=invoice, by=owner), by=owner)

    queued = invoice_mail.queue_wanted(dates.now() + timedelta(minutes=1))

    assert queued == 0
    assert Message.objects.get().state == State.CANCELLED


def test_an_invoice_that_does_not_want_mail_gets_none(invoice: Any) -> None:
    assert invoice_mail.queue_wanted(dates.now() + timedelta(minutes=1)) == 0


def test_the_button_sends_a_failed_one_again_and_writes_another_after_a_sent_one(invoice: Any, owner: User) -> None:
    first = invoice_mail.mail_on_request(invoice=invoice, by=owner)
    Message.objects.update(state=State.FAILED)
    again = invoice_mail.mail_on_request(invoice=invoice, by=owner)
    Message.objects.update(state=State.SENT)
    another = invoice_mail.mail_on_request(invoice=invoice, by=owner)
    double_click = invoice_mail.mail_on_request(invoice=invoice, by=owner)

    assert first.pk == again.pk
    assert again.state == State.QUEUED
    assert another.pk != first.pk
    assert double_click.pk == another.pk


def test_an_uncertain_one_has_to_be_settled_first(invoice: Any, owner: User) -> None:
    message = invoice_mail.mail_on_request(invoice=invoice, by=owner)
    Message.objects.update(state=State.UNCERTAIN)

    with pytest.raises(DomainError) as refused:
        invoice_mail.mail_on_request(invoice=invoice, by=owner)

    assert refused.value.link == message.get_absolute_url()


def test_the_page_of_the_invoice_mails_it_and_shows_what_was_sent(invoice: Any, signed_in: Client) -> None:
    response = signed_in.post(f"/invoices/{invoice.pk}/mail/", headers={"HX-Request": "true"})

    html = signed_in.get(f"/invoices/{invoice.pk}/messages/", headers={"HX-Request": "true"}).content.decode()
    assert response.status_code == 204
    assert "messages:changed" in response.headers["HX-Trigger"]
    assert "marc.tavernay@example.ch" in html
    assert "<html" not in html


def test_from_the_visit_to_the_mailbox(
    invoice: Any, owner: User, park: Park, mailbox: Callable[..., MailAccount]
) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    message = invoice_mail.mail_invoice(invoice=invoice, by=owner)

    sending.send_due(now=dates.now() + timedelta(seconds=1))

    message.refresh_from_db()
    assert message.state == State.SENT
    assert box.taken[0].rcpt_tos == ["marc.tavernay@example.ch"]


@pytest.mark.parametrize(
    ("state", "told", "wanted"),
    [
        (State.QUEUED, "leaving", True),
        (State.SENT, "sent", True),
        (State.FAILED, "failed", True),
        (State.UNCERTAIN, "uncertain", True),
        (State.CANCELLED, "", False),
    ],
)
def test_the_invoice_is_told_what_became_of_its_mail(
    invoice: Any, owner: User, state: str, told: str, wanted: bool
) -> None:
    message = invoice_mail.mail_invoice(invoice=invoice, by=owner)
    Message.objects.filter(pk=message.pk).update(state=state)

    telling.tell(message=message)

    invoice.refresh_from_db()
    assert (invoice.mail_state, invoice.mail_wanted) == (told, wanted)


def test_a_withdrawn_mail_is_written_anew_when_many_are_mailed(invoice: Any, owner: User) -> None:
    message = invoice_mail.mail_invoice(invoice=invoice, by=owner)
    outbox.withdraw(message=message, by=owner)
    printing.want_mail(invoices=Invoice.objects.filter(pk=invoice.pk), by=owner)

    queued = [invoice_mail.queue_wanted(dates.now()) for _ in range(2)]

    invoice.refresh_from_db()
    assert queued == [1, 0]
    assert (Message.objects.get().state, invoice.mail_state) == (State.QUEUED, "leaving")


def test_the_own_mail_program_opens_the_same_mail_as_a_draft(invoice: Any, owner: User, signed_in: Client) -> None:
    answer = signed_in.get(f"/invoices/{invoice.pk}/mail/file/")

    letter = email.message_from_bytes(answer.content, policy=default)
    sent = read(invoice_mail.mail_invoice(invoice=invoice, by=owner))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{invoice.number}.eml"'
    assert (letter["X-Unsent"], letter["To"], letter["Subject"]) == ("1", invoice.recipient_email, sent["Subject"])
    assert letter.get_body(("plain",)).get_content() == sent.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in letter.iter_attachments()] == [f"Facture_{invoice.number}.pdf"]
    assert PendingEntry.objects.filter(verb="prepared mail").exists()


def test_a_cancelled_invoice_is_not_prepared_for_the_mail_program(invoice: Any, owner: User, signed_in: Client) -> None:
    cancelling.cancel(invoice=invoice, reason="Typed twice", by=owner)

    answer = signed_in.get(f"/invoices/{invoice.pk}/mail/file/")

    assert answer.status_code == 409
