"""Receiving money and taking a payment back."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import Allocation, Invoice, Payment
from billing.services import balances
from optamed.core import dates, money
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User
from patients.models import Patient


@transaction.atomic
def receive(
    *,
    patient: Patient,
    amount: Decimal,
    received_on: date,
    means: str,
    by: User | None,
    invoice: Invoice | None = None,
    consultation: Consultation | None = None,
    note: str = "",
) -> Payment:
    """Record money on an invoice, on a visit that is not yet invoiced, or as credit. ``amount`` in CHF, above zero.

    What exceeds the open amount becomes the patient's credit; a loss or a discount may not exceed it.
    """
    amount = money.rappen(amount)
    _check(amount, received_on)
    room = _room(invoice, consultation)
    if means in Payment.NO_CASH and amount > room:
        raise DomainError(_("A loss or a discount cannot be more than what is open."))
    payment = Payment.objects.create(
        patient=patient, amount=amount, received_on=received_on, means=means, note=note.strip(), created_by=by
    )
    if room > 0:
        Allocation.objects.create(payment=payment, invoice=invoice, consultation=consultation, amount=min(amount, room))
    _settle(invoice, consultation)
    journal.record(verb="received", subject=payment, by=by)
    return payment


@transaction.atomic
def again(*, payment: Payment, by: User | None) -> Payment:
    """Record a cancelled payment once more, for what it stood for; as credit where that invoice is cancelled by now.

    DomainError where that was done before.
    """
    old = Payment.objects.select_for_update().get(pk=payment.pk)
    same = Payment.objects.standing().filter(
        patient=old.patient_id, amount=old.amount, received_on=old.received_on, means=old.means
    )
    if old.cancelled_at is None or same.filter(created_at__gte=old.cancelled_at).exists():
        raise DomainError(_("This payment is already recorded."))
    part = old.allocations.held().select_related("invoice", "consultation").first()
    owed = part.invoice if part else None
    return receive(
        patient=old.patient,
        amount=old.amount,
        received_on=old.received_on,
        means=old.means,
        note=old.note,
        invoice=owed if owed and owed.is_issued else None,
        consultation=part.consultation if part else None,
        by=by,
    )


@transaction.atomic
def cancel(*, payment: Payment, by: User | None) -> Payment:
    """Take a payment back. One on a visit that was invoiced since needs the invoice cancelled first."""
    parts = list(payment.allocations.held().select_related("invoice", "consultation"))
    for part in parts:
        if part.consultation is not None and part.consultation.is_billed:
            raise DomainError(
                _("This payment was made on a consultation that is on an invoice now. Cancel the invoice first.")
            )
    won = Payment.objects.filter(pk=payment.pk, cancelled_at__isnull=True).update(cancelled_at=dates.now())
    if won != 1:
        raise DomainError(_("This payment was already cancelled."))
    for part in parts:
        _settle(part.invoice, part.consultation)
    payment.refresh_from_db()
    journal.record(verb="cancelled", subject=payment, by=by)
    return payment


def _check(amount: Decimal, received_on: date) -> None:
    if amount <= 0:
        raise DomainError(_("A payment must be above zero."))
    if received_on > dates.today():
        raise DomainError(_("A payment cannot lie in the future."))


def _room(invoice: Invoice | None, consultation: Consultation | None) -> Decimal:
    """What the target can still take, in CHF. The row is locked, so that two windows do not both fill it."""
    if invoice is not None:
        locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if not locked.is_issued:
            raise DomainError(_("Only an issued invoice takes a payment."))
        return locked.open_amount
    if consultation is not None:
        visit = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if visit.is_billed:
            raise DomainError(_("This consultation is on an invoice. Record the payment there."))
        return visit.amount_due
    return Decimal("0.00")


def _settle(invoice: Invoice | None, consultation: Consultation | None) -> None:
    if invoice is not None:
        balances.of_invoice(invoice=Invoice.objects.select_related("patient").get(pk=invoice.pk))
    if consultation is not None:
        balances.of_consultation(consultation=consultation)
