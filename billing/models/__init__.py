"""The nouns of billing."""

from billing.models.invoice import BilledConsultation, Cancellation, Invoice, InvoiceLine, Sheet
from billing.models.payment import Allocation, Payment

__all__ = [
    "Allocation",
    "BilledConsultation",
    "Cancellation",
    "Invoice",
    "InvoiceLine",
    "Payment",
    "Sheet",
]
