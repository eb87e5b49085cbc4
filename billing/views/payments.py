"""Money that came in: recorded on an invoice, on a visit or ahead; listed; taken back."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from billing import access
from billing.forms.lists import PaymentFilter
from billing.forms.payments import ICONS, NewPaymentForm, PaymentForm
from billing.models import Invoice, Payment
from billing.querysets import PaymentQuerySet
from billing.reports import states
from billing.services import payments, printing
from billing.views.listing import page_of, without_words
from optamed.core import dates, excel, money, reading
from optamed.core.htmx import came_from, done, page
from optamed.core.listing import chip_url
from optamed.practice.access import user_of
from patients.access import patient_for
from patients.models import Patient

LAST_MEANS = "payment_means"
FOUND = 20  # patients offered when a name is typed


def _usual(request: HttpRequest, amount: Decimal | None) -> dict[str, Any]:
    """What is open, today, and the means of last time."""
    means = request.session.get(LAST_MEANS, Payment.Means.TWINT)
    return {"amount": amount or None, "received_on": dates.today(), "means": means}


def _recorded(request: HttpRequest, payment: Payment, *, to: str) -> HttpResponse:
    request.session[LAST_MEANS] = payment.means
    messages.success(request, _("CHF %(amount)s recorded.") % {"amount": money.swiss(payment.amount)})
    return trigger_client_event(done(request, "payments:changed", to=to), "invoices:changed")


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Money for an invoice: what is open stands there already."""
    owed = access.invoice_for(request, pk)
    form = PaymentForm(request.POST or None, owed=owed.open_amount, initial=_usual(request, owed.open_amount))
    if form.is_bound and form.is_valid():
        payment = payments.receive(patient=owed.patient, invoice=owed, by=user_of(request), **form.facts)
        return _recorded(request, payment, to=owed.get_absolute_url())
    title = _("Payment for %(number)s") % {"number": owed}
    return _asked(request, form, title=title, patient=owed.patient, back=owed.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def pay_consultation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Money for a visit that is not invoiced yet."""
    visit = access.billable_visit_for(request, pk)
    form = PaymentForm(request.POST or None, owed=visit.amount_due, initial=_usual(request, visit.amount_due))
    if form.is_bound and form.is_valid():
        payment = payments.receive(patient=visit.patient, consultation=visit, by=user_of(request), **form.facts)
        return _recorded(request, payment, to=visit.get_absolute_url())
    title = _("Payment for %(number)s") % {"number": visit}
    return _asked(request, form, title=title, patient=visit.patient, back=visit.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def payment_new(request: HttpRequest) -> HttpResponseBase:
    """Money from a patient: first who, then for which invoice."""
    asked = reading.key(request.GET.get("patient"))
    if asked is None:
        return _who(request)
    patient = patient_for(request, asked)
    form = _form_of(request, patient)
    if form.is_bound and form.is_valid():
        invoice = form.cleaned_data["invoice"]
        payment = payments.receive(patient=patient, invoice=invoice, by=user_of(request), **form.facts)
        return _recorded(request, payment, to=(invoice or payment).get_absolute_url())
    title = _("Payment from %(name)s") % {"name": patient}
    return _asked(request, form, title=title, patient=patient, back=reverse("billing:payments"))


def _form_of(request: HttpRequest, patient: Patient) -> NewPaymentForm:
    """Prefilled with the invoice that was asked for, otherwise with the oldest open one."""
    owing, asked = Invoice.objects.of(patient).open().order_by("due_on", "pk"), request.GET.get("invoice")
    if asked is not None:
        owing = owing.filter(pk=reading.key(asked) or 0)
    first = owing.first()
    initial = _usual(request, first.open_amount if first else None) | {"invoice": first}
    return NewPaymentForm(request.POST or None, patient=patient, initial=initial)


def _who(request: HttpRequest) -> HttpResponse:
    """The patients that match; before anything is typed, those who owe."""
    words = reading.words(request.GET.get("q"))
    known = Patient.objects.active()
    found = known.search(words) if words else known.with_open_amount().order_by("-last_visit_on", "pk")
    context = {"words": words, "patients": found[:FOUND]}
    return page(request, "billing/payment_who.html", context, partial="who")


def _asked(request: HttpRequest, form: PaymentForm, *, title: str, patient: Patient, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "patient": patient, "back": back}
    return page(request, "billing/pay.html", context, partial="pay", status=422 if form.is_bound else 200)


def _worth(chip: states.Chip) -> bool:
    """Means that a practice does not use stay away."""
    return bool(chip.count) or chip.current or not chip.key


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """All payments, by means, words and period; what came in is added up."""
    asked, chosen = request.GET.get("state", ""), PaymentFilter(request.GET)
    state = asked if asked in states.payment_states() else ""
    found = chosen.apply(Payment.objects.all())
    figures = states.payment_figures(found, state=state)
    shown = found.filter(states.state_of_payments(state)).for_lists().order_by(*chosen.order)
    rows = page_of(request, shown, figures.count)
    context = {
        "filter": chosen,
        "state": state,
        "figures": figures,
        "chips": [(chip, chip_url(request, chip.key)) for chip in figures.chips if _worth(chip)],
        "page": rows,
        "rows": [(payment, ICONS[Payment.Means(payment.means)]) for payment in rows],
        "query": request.GET.urlencode(),
    }
    return without_words(request, page(request, "billing/payments.html", context, partial="payment-list"))


@require_POST
def payment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a payment back where it stands; it stays visible among the cancelled ones."""
    payment = payments.cancel(payment=access.payment_for(request, pk), by=user_of(request))
    facts = {"amount": money.swiss(payment.amount)}
    messages.success(request, _("The payment of CHF %(amount)s is cancelled. It can be recorded again.") % facts)
    answer = done(request, "payments:changed", to=came_from(request, otherwise=reverse("billing:payments")))
    return trigger_client_event(answer, "invoices:changed")


@require_POST
def payment_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a cancellation: the same money on the same place, as a new payment."""
    payment = payments.again(payment=access.payment_for(request, pk), by=user_of(request))
    return _recorded(request, payment, to=reverse("billing:payments"))


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as an Excel file."""
    asked, chosen = request.GET.get("state", ""), PaymentFilter(request.GET)
    state = states.state_of_payments(asked if asked in states.payment_states() else "")
    rows = chosen.apply(Payment.objects.all()).filter(state).for_lists().order_by(*chosen.order)
    printing.note_export(what="payments", by=user_of(request))
    headings = [
        _("Received on"), _("Patient"), pgettext("payment", "For"), pgettext("payment", "Means"), _("Note"),
        _("State"), _("Amount"),
    ]  # fmt: skip
    return excel.answer(f"{_('Payments')} {dates.today()}.xlsx", _("Payments"), headings, _cells(rows))


def _cells(rows: PaymentQuerySet) -> Iterator[list[Any]]:
    for payment in rows.iterator(chunk_size=1000):
        parts = [str(part.invoice or part.consultation) for part in payment.allocations.all()]
        yield [
            payment.received_on,
            payment.patient.list_name,
            ", ".join(parts) or _("Credit"),
            payment.get_means_display(),
            payment.note,
            pgettext("payment", "Cancelled") if payment.is_cancelled else "",
            payment.amount,
        ]
