"""Taking an issued invoice back: by counter-document, alone or to make a corrected one; hiding what is cancelled."""

from django.db import transaction
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import Allocation, Cancellation, InsurerRequest, Invoice, Payment
from billing.services import balances, drafting, insurer_requests
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User
from optamed.practice.services import counters

KEPT_WISHES = (
    "delivery", "recipient", "recipient_email", "payment_days", "discount", "discount_text", "remark", "currency",
    "euro_rate",
)  # fmt: skip


@transaction.atomic
def cancel(*, invoice: Invoice, reason: str, by: User | None) -> Cancellation:
    """By counter-document: the number stays, the visits are free again, money paid on the invoice becomes credit."""
    if not reason.strip():
        raise DomainError(_("Say why the invoice is cancelled."))
    won = Invoice.objects.filter(pk=invoice.pk, state=Invoice.State.ISSUED).update(
        state=Invoice.State.CANCELLED, open_amount=0, mail_wanted=False
    )
    if won != 1:
        raise DomainError(_("Only an issued invoice can be cancelled."))
    invoice.refresh_from_db()
    drafting.release(invoice=invoice)
    _let_go_of_money(invoice)
    balances.of_patient(patient=invoice.patient)
    made = Cancellation.objects.create(
        invoice=invoice,
        number=f"S-{counters.take(name='S'):05d}",
        cancelled_on=dates.today(),
        reason=reason.strip(),
        by=by,
    )
    _take_back_request(invoice, made)
    journal.record(verb="cancelled", subject=invoice, by=by)
    return made


@transaction.atomic
def correct(*, invoice: Invoice, reason: str, by: User | None) -> Invoice:
    """Cancel, and draft the same visits again with the same wishes: the visits and the draft may now be mended.

    Which papers are made is decided anew, since what was missing for the insurer is often why it is corrected.
    """
    visits = list(Consultation.objects.filter(billed__invoice=invoice, billed__live=True))
    cancel(invoice=invoice, reason=reason, by=by)
    again = [Consultation.objects.get(pk=visit.pk) for visit in visits]
    made = drafting.draft(
        patient=invoice.patient, consultations=again, by=by, language=invoice.language, corrects=invoice
    )
    return drafting.change(invoice=made, by=by, **{name: getattr(invoice, name) for name in KEPT_WISHES})


@transaction.atomic
def hide(*, invoice: Invoice, by: User | None) -> None:
    """Out of the lists, not out of the register. DomainError for an invoice that stands."""
    hidden = Invoice.objects.filter(pk=invoice.pk, state=Invoice.State.CANCELLED).update(hidden_at=dates.now())
    if not hidden:
        raise DomainError(_("Only a cancelled invoice can be hidden."))
    journal.record(verb="hidden", subject=invoice, by=by)


@transaction.atomic
def show(*, invoice: Invoice, by: User | None) -> None:
    """Back into the lists."""
    Invoice.objects.filter(pk=invoice.pk).update(hidden_at=None)
    journal.record(verb="shown", subject=invoice, by=by)


def _let_go_of_money(invoice: Invoice) -> None:
    """What was received becomes credit; a loss or a discount was never money, and is cancelled with the invoice.

    Nothing is deleted: the books of earlier months say what each payment was for.
    """
    waived = Payment.objects.standing().filter(allocations__invoice=invoice, means__in=Payment.NO_CASH)
    Payment.objects.filter(pk__in=list(waived.values_list("pk", flat=True))).update(cancelled_at=dates.now())
    Allocation.objects.standing().filter(invoice=invoice).update(released_at=dates.now())


def _take_back_request(invoice: Invoice, made: Cancellation) -> None:
    """The insurer's request is taken back too, where one was made."""
    frozen = insurer_requests.frozen(invoice=invoice)
    if frozen is not None:
        storno = insurer_requests.storno_of(frozen, number=made.number, at=dates.now())
        insurer_requests.freeze(invoice=invoice, request=storno, kind=InsurerRequest.Kind.STORNO)
