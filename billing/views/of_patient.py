"""A patient's money: the tab of the file, and the small part that says what is open."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agenda.consultations.models import Consultation
from billing.models import Invoice
from billing.reports import states
from billing.services import balances
from billing.views.listing import page_of
from optamed.core import dates
from optamed.core.htmx import page
from patients import access


@require_GET
def of_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab: invoices, visits without one, credit."""
    patient, today = access.patient_for(request, pk), dates.today()
    every = Invoice.objects.of(patient)
    figures = states.invoice_figures(every, state="", on=today)
    rows = page_of(request, every.for_lists().order_by("-issued_on", "-pk"), figures.count)
    context = {
        "patient": patient,
        "tab": "invoices",
        "page": rows,
        "rows": [(invoice, states.badge(invoice, on=today)) for invoice in rows],
        "figures": figures,
        "today": today,
        "waiting": Consultation.objects.of(patient).billable().count_and_amount(),
        "credit": balances.credit_of(patient=patient),
    }
    return page(request, "billing/of_patient.html", context, partial="patient-invoices")


@require_GET
def open_of_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """What is open, the oldest first, each with the way to record its payment."""
    patient, today = access.patient_for(request, pk), dates.today()
    owing = list(Invoice.objects.of(patient).open().for_lists().order_by("due_on", "pk"))
    context = {
        "patient": patient,
        "rows": [(invoice, states.badge(invoice, on=today)) for invoice in owing[:5]],
        "more": len(owing) - 5,
        "waiting": Consultation.objects.of(patient).billable().count_and_amount(),
        "credit": balances.credit_of(patient=patient),
    }
    return page(request, "billing/open_of_patient.html", context, partial="patient-open")
