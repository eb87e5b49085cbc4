"""Invoices and payments."""

from django.urls import path

from billing.views import books, invoice, invoices, numbers, of_patient, payments, printing, runs, style

app_name = "billing"
INVOICES = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/export/", invoices.export, name="export"),
    path("invoices/new/", invoices.new, name="invoice-new"),
    path("invoices/from/<int:pk>/", invoices.from_consultation, name="from-consultation"),
    path("invoices/numbers/", numbers.register, name="numbers"),
    path("invoices/numbers/export/", numbers.export, name="numbers-export"),
    path("invoices/<int:pk>/", invoice.invoice, name="invoice"),
    path("invoices/<int:pk>/pdf/", invoice.pdf, name="pdf"),
    path("invoices/<int:pk>/pdf/<slug:paper>/", invoice.paper, name="paper"),
    path("invoices/<int:pk>/xml/", invoice.xml, name="xml"),
    path("invoices/<int:pk>/options/", invoice.options, name="options"),
    path("invoices/<int:pk>/issue/", invoice.issue, name="issue"),
    path("invoices/<int:pk>/cancel/", invoice.cancel, name="cancel"),
    path("invoices/<int:pk>/correct/", invoice.correct, name="correct"),
    path("invoices/<int:pk>/hide/", invoice.hide, name="hide"),
    path("invoices/<int:pk>/show/", invoice.show, name="show"),
    path("invoices/<int:pk>/delete/", invoice.delete, name="delete"),
    path("invoices/<int:pk>/pay/", payments.pay, name="pay"),
]
PRINTING = [
    path("invoices/print/", printing.bundle, name="print"),
    path("invoices/zip/", printing.archive, name="zip"),
    path("invoices/to-print/", printing.to_print, name="to-print"),
    path("invoices/printed/", printing.printed, name="printed"),
    path("invoices/mail/", printing.mail, name="mail-selected"),
    path("invoices/hide/", printing.hide, name="hide-selected"),
    path("invoices/period/", printing.period, name="period"),
]
RUNS = [
    path("invoices/runs/", runs.runs, name="runs"),
    path("invoices/runs/new/", runs.new, name="run-new"),
    path("invoices/runs/<int:pk>/", runs.run, name="run"),
    path("invoices/runs/<int:pk>/start/", runs.start, name="run-start"),
    path("invoices/runs/<int:pk>/pause/", runs.pause, name="run-pause"),
    path("invoices/runs/<int:pk>/drop/", runs.drop, name="run-drop"),
    path("invoices/runs/<int:pk>/items/", runs.items, name="run-items"),
]
PAYMENTS = [
    path("consultations/<int:pk>/pay/", payments.pay_consultation, name="pay-consultation"),
    path("payments/", payments.listed, name="payments"),
    path("payments/export/", payments.export, name="payments-export"),
    path("payments/new/", payments.payment_new, name="payment-new"),
    path("payments/<int:pk>/cancel/", payments.payment_cancel, name="payment-cancel"),
    path("payments/<int:pk>/again/", payments.payment_again, name="payment-again"),
]
PATIENTS = [
    path("patients/<int:pk>/invoices/", of_patient.of_patient, name="of-patient"),
    path("patients/<int:pk>/open/", of_patient.open_of_patient, name="open-of-patient"),
    path("patients/<int:pk>/statement/", books.statement, name="statement"),
]
BOOKS = [
    path("books/", books.books, name="books"),
    path("books/export/", books.export, name="books-export"),
    path("books/statements/", books.statements, name="statements"),
]
SETTINGS = [
    path("settings/invoices/", style.look, name="style"),
    path("settings/invoices/texts/", style.texts, name="style-texts"),
    path("settings/invoices/papers/", style.papers, name="style-papers"),
    path("settings/invoices/numbers/", style.numbers, name="style-numbers"),
    path("settings/invoices/preview/", style.preview, name="style-preview"),
    path("settings/invoices/logo/", style.logo, name="style-logo"),
    path("settings/invoices/signatures/<int:pk>/", style.signature, name="style-signature"),
]
urlpatterns = INVOICES + PRINTING + RUNS + PAYMENTS + PATIENTS + BOOKS + SETTINGS
