"""The practice itself: addresses, therapists, users and their roles, accounts, tariff positions, products and prices.

Leans on core and journal. Promises that a used address, therapist or account is archived and never lost, and that
dated facts (tariff, VAT) are asked with a date.
"""
