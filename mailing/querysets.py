"""Questions about the outbox, in the user's words."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from optamed.core.text import fold

if TYPE_CHECKING:
    from billing.models import Invoice
    from mailing.models import MailAccount, Message  # noqa: F401  names in base classes
    from optamed.practice.models import User


class MailAccountQuerySet(models.QuerySet["MailAccount"]):
    def active(self) -> "MailAccount | None":
        """The mailbox that sends, if one was set up."""
        return self.filter(is_active=True).first()


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        """Not left yet: new, or to be tried again."""
        return self.filter(state__in=self.model.WAITING)

    def due(self, now: datetime) -> "MessageQuerySet":
        """To be sent now, the oldest first."""
        return self.waiting().filter(next_at__lte=now).order_by("next_at", "pk")

    def leaving(self, now: datetime) -> "MessageQuerySet":
        """Within its minutes of grace: it can still be withdrawn."""
        return self.filter(state=self.model.State.QUEUED, tries=0, next_at__gt=now)

    def lease_over(self, now: datetime) -> "MessageQuerySet":
        """Taken up for sending by somebody who never came back."""
        return self.filter(state=self.model.State.SENDING, lease_until__lt=now)

    def void(self) -> "MessageQuerySet":
        """Waiting to leave with an invoice that was cancelled meanwhile."""
        return self.waiting().filter(invoice__state="cancelled")

    def sent(self) -> "MessageQuerySet":
        return self.filter(state=self.model.State.SENT)

    def failed(self) -> "MessageQuerySet":
        return self.filter(state=self.model.State.FAILED)

    def uncertain(self) -> "MessageQuerySet":
        return self.filter(state=self.model.State.UNCERTAIN)

    def withdrawn(self) -> "MessageQuerySet":
        return self.filter(state=self.model.State.CANCELLED)

    def troubled(self) -> "MessageQuerySet":
        """What somebody should look at."""
        return self.filter(state__in=self.model.TROUBLED)

    def stuck(self) -> "MessageQuerySet":
        """Due, but the mailbox is missing or refuses us."""
        return self.waiting().exclude(last_key="")

    def of_invoice(self, invoice: "Invoice") -> "MessageQuerySet":
        return self.filter(invoice=invoice)

    def search(self, words: str) -> "MessageQuerySet":
        """By recipient, subject, or the patient's name."""
        found = self
        for word in words.split():
            of_patient = Q(patient__search_text__contains=fold(word))
            found = found.filter(Q(recipient__icontains=word) | Q(subject__icontains=word) | of_patient)
        return found

    def for_user(self, user: "User") -> "MessageQuerySet":
        """Everybody in the practice sees what left; nothing clinical is in a subject."""
        return self if user.is_active else self.none()

    def without_content(self) -> "MessageQuerySet":
        """For lists: the frozen bytes stay in the database."""
        return self.defer("mime")
