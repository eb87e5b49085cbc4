"""Figures and words of mailing: the outbox as a list, the result of a test."""
