"""The queue of background work. A kill loses a running task, so work that must survive has a row in the database."""

from django.conf import settings
from huey import SqliteHuey

from optamed import sqlite

queue = SqliteHuey(
    "optamed",
    filename=str(settings.QUEUE_FILE),
    journal_mode=sqlite.JOURNAL_MODE.lower(),
    timeout=20,
    results=False,
    immediate=getattr(settings, "HUEY_IMMEDIATE", False),  # under tests: at once, in the caller's thread
)
