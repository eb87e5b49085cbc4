"""The messages of one invoice and of one patient, and the button that mails an invoice."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import file_names
from billing.access import invoice_for
from mailing import access
from mailing.reports import outbox as reports
from mailing.services import invoice_mail
from optamed.core import dates
from optamed.core.htmx import came_from, done, page
from optamed.practice.access import user_of
from patients.access import patient_for

MOST = 50


@require_safe
def of_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent of an invoice."""
    invoice = invoice_for(request, pk)
    found = access.messages_of(request).of_invoice(invoice).without_content()
    context = {"invoice": invoice, "rows": reports.rows(list(found[:MOST]), now=dates.now())}
    return page(request, "mailing/of_invoice.html", context, partial="invoice-messages")


@require_safe
def of_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the patient's file."""
    patient = patient_for(request, pk)
    found = access.messages_of(request).filter(patient=patient).without_content().select_related("invoice")
    context = {"patient": patient, "tab": "messages", "rows": reports.rows(list(found[:MOST]), now=dates.now())}
    return page(request, "mailing/of_patient.html", context, partial="patient-messages")


@require_POST
def mail_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it by e-mail, from the page of the invoice."""
    invoice = invoice_for(request, pk)
    message = invoice_mail.mail_on_request(invoice=invoice, by=user_of(request))
    messages.success(request, _("The invoice leaves to %(address)s.") % {"address": message.recipient})
    return done(request, "messages:changed", to=came_from(request, otherwise=invoice.get_absolute_url()))


@require_safe
def prepared(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail of an invoice as a file for the user's own mail program."""
    invoice = invoice_for(request, pk)
    response = HttpResponse(invoice_mail.prepared(invoice=invoice, by=user_of(request)), content_type="message/rfc822")
    name = file_names.of_invoice(invoice.number, invoice.pk, ending=".eml")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Why nothing would leave, for pages that offer to send; nothing where all is well."""
    box = access.mailbox()
    if box is not None and not box.pause_key:
        return HttpResponse()
    return render(request, "mailing/no_mailbox.html", {"mailbox": box})
