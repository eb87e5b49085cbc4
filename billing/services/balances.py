"""The columns that say what is open: kept here, since deriving them for 80,000 invoices takes too long."""

from decimal import Decimal

from django.db.models import Q

from agenda.consultations.models import Consultation
from agenda.consultations.services import billing_marks
from billing.models import Allocation, Invoice, Payment
from billing.querysets import AllocationQuerySet
from optamed.core.sums import total
from patients.models import Patient
from patients.services import files


def of_invoice(*, invoice: Invoice) -> Decimal:
    """Recompute what is open on an invoice, and with it what the patient owes. In CHF, never below zero."""
    on_visits = Q(consultation__billed__invoice=invoice, consultation__billed__live=True)
    paid = _sum(Allocation.objects.standing().filter(Q(invoice=invoice) | on_visits))
    open_amount = max(invoice.total - paid, Decimal("0.00")) if invoice.is_issued else Decimal("0.00")
    Invoice.objects.filter(pk=invoice.pk).exclude(state=Invoice.State.DRAFT).update(open_amount=open_amount)
    of_patient(patient=invoice.patient)
    return open_amount


def of_consultation(*, consultation: Consultation) -> Decimal:
    """Recompute what was paid on a visit directly, in CHF."""
    paid = _sum(Allocation.objects.standing().filter(consultation=consultation))
    billing_marks.note_paid(consultation=consultation, amount=paid)
    return paid


def of_patient(*, patient: Patient) -> Decimal:
    """What the patient owes on open invoices, in CHF, written to the patient's list column."""
    owed = Decimal(Invoice.objects.of(patient).open().aggregate(owed=total("open_amount"))["owed"])
    files.note_open_amount(patient=patient, amount=owed)
    return owed


def credit_of(*, patient: Patient) -> Decimal:
    """Money received from a patient that stands for nothing yet, in CHF."""
    received = Decimal(Payment.objects.received().filter(patient=patient).aggregate(sum=total("amount"))["sum"])
    used = _sum(
        Allocation.objects.standing().filter(payment__patient=patient).exclude(payment__means__in=Payment.NO_CASH)
    )
    return received - used


def _sum(allocations: AllocationQuerySet) -> Decimal:
    return Decimal(allocations.distinct().aggregate(sum=total("amount"))["sum"])
