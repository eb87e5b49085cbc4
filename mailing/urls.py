"""Addresses of mailing: the outbox, and the mailbox under the settings."""

from django.urls import path

from mailing.views import mailbox, outbox, records

app_name = "mailing"
urlpatterns = [
    path("messages/", outbox.messages_page, name="messages"),
    path("messages/mailbox/", records.mailbox, name="mailbox"),
    path("messages/<int:pk>/", outbox.message, name="message"),
    path("messages/<int:pk>/withdraw/", outbox.withdraw, name="withdraw"),
    path("messages/<int:pk>/send-again/", outbox.resend, name="resend"),
    path("messages/<int:pk>/mark-sent/", outbox.mark_sent, name="mark-sent"),
    path("invoices/<int:pk>/messages/", records.of_invoice, name="of-invoice"),
    path("invoices/<int:pk>/mail/", records.mail_invoice, name="mail-invoice"),
    path("invoices/<int:pk>/mail/file/", records.prepared, name="prepared"),
    path("patients/<int:pk>/messages/", records.of_patient, name="of-patient"),
    path("settings/mail/", mailbox.settings, name="mail-settings"),
    path("settings/mail/provider/", mailbox.provider, name="mail-provider"),
    path("settings/mail/untested/", mailbox.untested, name="mail-untested"),
    path("settings/mail/test/", mailbox.test, name="mail-test"),
    path("settings/mail/trial/", mailbox.trial, name="mail-trial"),
]
