"""Tools without a domain word: money, dates, htmx manners, form fields, the PDF engine, secrets, background work.

Leans on nobody. Promises that nothing in here knows what a patient or an invoice is.
"""
