"""Load and authorise in one step: contacts, invoices and payments are for every signed-in user of the practice."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import Invoice, Payment
from optamed.core.errors import DomainError
from optamed.practice.access import user_of

DIGITS = 18  # a longer number is no key of any table


def invoice_for(request: HttpRequest, pk: int) -> Invoice:
    """The invoice with its patient and therapist; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Invoice.objects.select_related("patient", "therapist", "created_by"), pk=pk)


def payment_for(request: HttpRequest, pk: int) -> Payment:
    """The payment with its patient; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Payment.objects.select_related("patient"), pk=pk)


def cancelled_payment_for(request: HttpRequest, pk: int) -> Payment:
    """A payment that was cancelled and is not yet recorded again; DomainError otherwise."""
    payment = payment_for(request, pk)
    same = Payment.objects.standing().filter(
        patient=payment.patient, amount=payment.amount, received_on=payment.received_on, means=payment.means
    )
    if payment.cancelled_at is None or same.filter(created_at__gte=payment.cancelled_at).exists():
        raise DomainError(_("This payment is already recorded."))
    return payment


def billable_visit_for(request: HttpRequest, pk: int) -> Consultation:
    """The visit that is paid or invoiced, without its note; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Consultation.objects.select_related("patient", "therapist"), pk=pk)


def ticked_visits_for(request: HttpRequest) -> list[Consultation]:
    """The visits whose boxes were ticked; what is no number of a visit is none."""
    user_of(request)
    asked = [value for value in request.POST.getlist("visits") if value.isdecimal() and len(value) <= DIGITS]
    return list(Consultation.objects.filter(pk__in=asked).select_related("patient", "therapist"))
