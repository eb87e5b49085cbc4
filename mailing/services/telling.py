"""Telling billing what became of an invoice's mail: the list of invoices shows it without knowing the outbox."""

from billing.models import Invoice
from billing.services import printing
from mailing.models import Message

State = Message.State
TOLD = {
    State.SENT: Invoice.Mail.SENT,
    State.FAILED: Invoice.Mail.FAILED,
    State.UNCERTAIN: Invoice.Mail.UNCERTAIN,
    State.CANCELLED: "",
}


def tell(*, message: Message) -> None:
    """After each change of a message; the newest one of an invoice counts."""
    if message.invoice_id is None:
        return
    newest = (
        Message.objects.filter(invoice_id=message.invoice_id).order_by("-pk").values_list("state", flat=True).first()
    )
    if newest is not None:
        printing.note_mail(invoice_id=message.invoice_id, state=TOLD.get(State(newest), Invoice.Mail.LEAVING))
