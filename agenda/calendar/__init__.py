"""The calendar: what can be booked, when a therapist works where, and the appointments themselves.

Leans on patients and practice. Promises that an appointment outside the hours or on top of another is booked only after
the user confirmed it, and that two windows never overwrite each other's move in silence.
"""
