"""Load and authorise in one step: contacts, invoices and payments are for every signed-in user of the practice."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agenda.consultations.models import Consultation
from billing.models import Invoice, Payment
from optamed.core import reading
from optamed.practice.access import user_of


def invoice_for(request: HttpRequest, pk: int) -> Invoice:
    """The invoice with its patient and therapist; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Invoice.objects.select_related("patient", "therapist", "created_by"), pk=pk)


def payment_for(request: HttpRequest, pk: int) -> Payment:
    """The payment with its patient; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Payment.objects.select_related("patient"), pk=pk)


def billable_visit_for(request: HttpRequest, pk: int) -> Consultation:
    """The visit that is paid or invoiced, without its note; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Consultation.objects.select_related("patient", "therapist"), pk=pk)


def ticked_visits_for(request: HttpRequest) -> list[Consultation]:
    """The visits whose boxes were ticked; what is no number of a visit is none."""
    user_of(request)
    asked = [reading.key(value) for value in request.POST.getlist("visits")]
    ticked = [pk for pk in asked if pk is not None]
    return list(Consultation.objects.filter(pk__in=ticked).select_related("patient", "therapist"))
