"""Who opens a page twice has read it once: reads are journalled once per session and ten minutes."""

from django.db import models
from django.http import HttpRequest

from agenda.consultations.services import reads
from optamed.core import dates
from optamed.practice.access import user_of

PAUSE = 600  # seconds
SEEN = "read_at"


def read_once(request: HttpRequest, subject: models.Model) -> None:
    """Note in the journal that the clinical part of ``subject`` was shown."""
    now = dates.now().timestamp()
    key = f"{subject._meta.label_lower}:{subject.pk}"  # noqa: SLF001  Django's own name of a kind
    seen = {known: at for known, at in request.session.get(SEEN, {}).items() if now - at < PAUSE}
    if key in seen:
        return
    reads.note_read(subject=subject, by=user_of(request))
    request.session[SEEN] = seen | {key: now}
