"""Saving the clinical note so that no window overwrites another."""

from datetime import timedelta

import nh3
from django.db import transaction
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation, Note, NoteVersion
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User

# What Trix writes, and nothing that acts or loads.
TAGS = {"div", "br", "p", "strong", "b", "em", "i", "del", "h1", "ul", "ol", "li", "blockquote", "pre"}
KEEP_EVERY = timedelta(minutes=10)


class StaleNoteError(DomainError):
    """Another window saved meanwhile; ``current`` is what stands there now."""

    def __init__(self, current: Note) -> None:
        super().__init__(_("This note was changed in another window. Both texts are shown, nothing is lost."))
        self.current = current


def clean(html: str) -> str:
    """The note without handlers, styles, scripts and foreign elements."""
    return nh3.clean(html, tags=TAGS, attributes={}, strip_comments=True)


@transaction.atomic
def save(*, consultation: Consultation, html: str, version: int, by: User) -> Note:
    """Store the note; ``version`` is the one the window started from. Raises StaleNoteError where another was first."""
    note = Note.objects.select_for_update().get(consultation=consultation)
    text = clean(html)
    if text == note.html:  # a repeated save, such as the autosave and the button at once
        return note
    if note.version != version:
        raise StaleNoteError(note)
    _keep_old(note, by=by)
    note.html, note.version, note.author, note.saved_at = text, version + 1, by, dates.now()
    note.save(update_fields=["html", "version", "author", "saved_at"])
    journal.record(verb="note", subject=consultation, by=by)
    return note


def _keep_old(note: Note, *, by: User) -> None:
    """Keep what stood there when another person saves, or ten minutes after the last kept one."""
    if not note.html:
        return
    newest = note.versions.first()
    quiet = newest is not None and newest.kept_at > dates.now() - KEEP_EVERY
    if note.author_id == by.pk and quiet:
        return
    NoteVersion.objects.create(
        note=note,
        html=note.html,
        version=note.version,
        author=note.author,
        saved_at=note.saved_at or dates.now(),
        kept_at=dates.now(),
    )
