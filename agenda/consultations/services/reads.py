"""Reading what is clinical leaves a trace (DPO art. 4: reading of sensitive data is logged)."""

from django.db import models

from optamed.journal import services as journal
from optamed.practice.models import User


def note_read(*, subject: models.Model, by: User) -> None:
    """``subject``: the consultation whose note was shown, or the patient whose notes were shown together."""
    journal.record(verb="read", subject=subject, by=by)


def note_export(*, by: User) -> None:
    """The list left the program."""
    journal.record(verb="exported consultations", subject=by, by=by)
