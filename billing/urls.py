"""Invoices and payments."""

from django.urls import path

from billing.views import invoice, invoices, of_patient, payments

app_name = "billing"
urlpatterns = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/export/", invoices.export, name="export"),
    path("invoices/new/", invoices.new, name="invoice-new"),
    path("invoices/from/<int:pk>/", invoices.from_consultation, name="from-consultation"),
    path("invoices/<int:pk>/", invoice.invoice, name="invoice"),
    path("invoices/<int:pk>/pdf/", invoice.pdf, name="pdf"),
    path("invoices/<int:pk>/issue/", invoice.issue, name="issue"),
    path("invoices/<int:pk>/cancel/", invoice.cancel, name="cancel"),
    path("invoices/<int:pk>/delete/", invoice.delete, name="delete"),
    path("invoices/<int:pk>/pay/", payments.pay, name="pay"),
    path("consultations/<int:pk>/pay/", payments.pay_consultation, name="pay-consultation"),
    path("payments/", payments.listed, name="payments"),
    path("payments/new/", payments.payment_new, name="payment-new"),
    path("payments/<int:pk>/cancel/", payments.payment_cancel, name="payment-cancel"),
    path("payments/<int:pk>/again/", payments.payment_again, name="payment-again"),
    path("patients/<int:pk>/invoices/", of_patient.of_patient, name="of-patient"),
    path("patients/<int:pk>/open/", of_patient.open_of_patient, name="open-of-patient"),
]
