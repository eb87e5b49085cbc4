"""Invoices that insurers accept, and the money that comes in for them.

Leans on consultations and practice. Promises that a visit is on one live invoice only, that numbers have no gaps, that
an issued invoice is a photograph, and that every franc received is on one invoice, one consultation or the patient's
credit.
"""
