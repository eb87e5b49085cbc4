"""The mail of an invoice: in the invoice's language, with the stored sheet, once per recipient."""

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from billing import file_names
from billing.document import InvoiceDocument
from billing.models import Invoice
from billing.services import printing
from mailing import letters, mime
from mailing.mime import Attachment, Letter
from mailing.models import Message
from mailing.services import outbox
from optamed.core import money, pdf
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User

LETTER, FOR_INSURER = "invoice", "form"  # the letter, and the papers that the patient hands on
log = logging.getLogger(__name__)


def mail_invoice(
    *, invoice: Invoice, leaves_at: datetime | None = None, once_more: bool = False, by: User | None
) -> Message:
    """Queue the mail of an issued invoice. Asked twice it gives the same message.

    `once_more` writes another one to a recipient who was sent one. Raises DomainError where there is no address,
    no number yet, or no sheet to attach.
    """
    _refuse_unsendable(invoice)
    document = InvoiceDocument.from_json(invoice.document)
    subject, text = _letter(document)
    return outbox.enqueue(
        kind=Message.Kind.INVOICE,
        dedup_key=f"invoice:{invoice.pk}:{_version(invoice, once_more)}:{invoice.recipient_email.lower()}",
        recipient=invoice.recipient_email,
        subject=subject,
        text=text,
        attachments=_attachments(invoice, document),
        patient=invoice.patient,
        invoice=invoice,
        leaves_at=leaves_at,
        by=by,
    )


def prepared(*, invoice: Invoice, by: User) -> bytes:
    """The same mail as a file that the user's own mail program opens as a draft, to be looked at and sent from there.

    DomainError as ``mail_invoice``. ``X-Unsent`` is what mail programs take for "not sent yet".
    """
    _refuse_unsendable(invoice)
    document = InvoiceDocument.from_json(invoice.document)
    subject, text = _letter(document)
    letter = Letter(invoice.recipient_email, subject, text, attachments=tuple(_attachments(invoice, document)))
    journal.record(verb="prepared mail", subject=invoice, by=by)
    return b"X-Unsent: 1\r\n" + mime.freeze(letter, mime.message_id(""))


def mail_on_request(*, invoice: Invoice, by: User) -> Message:
    """The user asks for it by hand: a failed one leaves again, after a sent one another is written."""
    last = invoice.messages.filter(recipient__iexact=invoice.recipient_email).order_by("-pk").first()
    if last and last.is_failed:
        return outbox.resend(message=last, by=by)
    if last and last.is_uncertain:
        link = last.get_absolute_url()
        sentence = _("This invoice was perhaps sent already. First say what became of that message.")
        raise DomainError(sentence, link=link, label=_("Open the message"))
    return mail_invoice(invoice=invoice, once_more=True, by=by)


def queue_wanted(now: datetime) -> int:
    """Queue the mail that issued invoices want and do not have, because a crash came between; returns how many."""
    written = Message.objects.filter(invoice=OuterRef("pk")).exclude(state=Message.State.CANCELLED)
    wanted = Invoice.objects.filter(state=Invoice.State.ISSUED, mail_wanted=True, issued_at__lte=now)
    queued = 0
    for invoice in wanted.exclude(recipient_email="").exclude(Exists(written)).select_related("patient", "created_by"):
        try:
            mail_invoice(invoice=invoice, by=invoice.created_by)
        except DomainError:
            log.warning("invoice %s: its mail cannot be written yet", invoice.pk)
        else:
            queued += 1
    return queued


def _refuse_unsendable(invoice: Invoice) -> None:
    if invoice.is_draft:
        raise DomainError(_("A draft is not sent. Issue the invoice first."))
    if invoice.is_cancelled:
        raise DomainError(_("This invoice is cancelled, so it is not sent."))
    if not invoice.recipient_email:
        link = invoice.patient.get_absolute_url()
        raise DomainError(_("There is no e-mail address for this invoice."), link=link, label=_("Open the file"))


def _version(invoice: Invoice, once_more: bool) -> int:  # noqa: FBT001
    """1, and one more for each that was sent: a double click still writes one."""
    sent = Message.objects.of_invoice(invoice).sent().filter(recipient__iexact=invoice.recipient_email)
    return 1 + sent.count() if once_more else 1


def _letter(document: InvoiceDocument) -> tuple[str, str]:
    kind = "invoice" if document.amount_due > 0 else "invoice_paid"
    practice = document.sender.party.name
    fields = {
        "practice": practice,
        "number": document.number,
        "date": f"{document.issued_on:%d.%m.%Y}",
        "due": f"{document.due_on:%d.%m.%Y}",
        "amount": money.swiss(document.amount_due),
        "sender": "\n".join(dict.fromkeys(name for name in (document.sender.therapist, practice) if name)),
    }
    return letters.letter(kind, document.language, fields)


def _attachments(invoice: Invoice, document: InvoiceDocument) -> list[Attachment]:
    """The papers that are mailed to this patient, as they are stored: the letter, and the insurer's as one PDF."""
    if pdf.available() and Invoice.objects.without_paper().filter(pk=invoice.pk).exists():
        raise DomainError(_("The PDF of this invoice is not ready yet. Its mail follows by itself."))
    words = file_names.words(document.language)
    names = (words[LETTER], words[FOR_INSURER])
    return [
        (file_names.of_invoice(f"{name}_{document.number}", invoice.pk), content, "application/pdf")
        for name, content in zip(names, printing.for_mail(invoice=invoice), strict=True)
        if content is not None
    ]
