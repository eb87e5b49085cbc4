"""Invoices and payments in the admin: to look at. They are changed in the program, where the rules live."""

from django.contrib import admin

from billing.models import Invoice, Payment
from optamed.journal.admin import ReadOnlyAdmin


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ("number", "issued_on", "patient", "state", "total", "open_amount")
    list_filter = ("state", "therapist", "issued_on")
    list_select_related = ("patient",)
    search_fields = ("number", "reference", "patient__search_text")
    exclude = ("document", "qr_payload")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("received_on", "patient", "amount", "means", "cancelled_at")
    list_filter = ("means", "received_on")
    list_select_related = ("patient",)
    search_fields = ("patient__search_text", "note")
