"""The nouns of billing."""

from billing.models.invoice import BilledConsultation, Cancellation, InsurerRequest, Invoice, InvoiceLine, Sheet
from billing.models.payment import Allocation, Payment
from billing.models.run import BillingRun, RunItem
from billing.models.settings import InvoiceSettings, LetterText

__all__ = [
    "Allocation",
    "BilledConsultation",
    "BillingRun",
    "Cancellation",
    "InsurerRequest",
    "Invoice",
    "InvoiceLine",
    "InvoiceSettings",
    "LetterText",
    "Payment",
    "RunItem",
    "Sheet",
]
