"""The practice's mailbox and the outbox: what leaves, when it left, and what became of it.

Leans on billing, patients and practice. Promises that a mailbox was tested before it is used, that a message is frozen
when it is written, and that none is sent twice by itself nor called sent when nobody knows.
"""
