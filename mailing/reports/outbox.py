"""The outbox as a list: what was asked, what was found, what each state looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from mailing.advice import Advice, advice
from mailing.models import Message
from mailing.querysets import MessageQuerySet
from optamed.core import reading

PAGE = 50
State = Message.State
STATES: dict[str, Q] = {
    "all": Q(),
    "leaving": Q(state__in=[*Message.WAITING, State.SENDING]),
    "sent": Q(state=State.SENT),
    "failed": Q(state=State.FAILED),
    "uncertain": Q(state=State.UNCERTAIN),
    "troubled": Q(state__in=Message.TROUBLED),  # no filter of its own: where Today leads to
    "withdrawn": Q(state=State.CANCELLED),
}
BADGES = {
    State.QUEUED: ("info", "send"),
    State.SENDING: ("info", "send"),
    State.RETRY: ("warn", "refresh-cw"),
    State.SENT: ("quiet", "mail-check"),
    State.FAILED: ("bad", "mail-x"),
    State.UNCERTAIN: ("warn", "mail-question-mark"),
    State.CANCELLED: ("none", "ban"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list's address asks for; whatever makes no sense falls back to everything."""

    words: str = ""
    state: str = "all"

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Read an address."""
        state = query.get("state", "")
        return cls(words=reading.words(query.get("q")), state=state if state in STATES else "all")

    def found(self, among: MessageQuerySet) -> MessageQuerySet:
        """The newest first, without the frozen bytes."""
        found = among.search(self.words).filter(STATES[self.state])
        return found.without_content().select_related("patient", "invoice")

    def figures(self, among: MessageQuerySet) -> dict[str, int]:
        """How many of each state hold these words."""
        counts = {state: Count("pk", filter=chosen) if chosen else Count("pk") for state, chosen in STATES.items()}
        return among.search(self.words).aggregate(**counts)


def labels() -> dict[str, str]:
    """The filters, in the user's language."""
    return {
        "all": _("All"),
        "leaving": _("Leaving"),
        "sent": _("Sent"),
        "failed": _("Not sent"),
        "uncertain": _("Perhaps sent"),
        "withdrawn": _("Withdrawn"),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its badge, and why it stands where it stands."""

    message: Message
    state: str
    icon: str
    in_grace: bool
    why: Advice | None

    @property
    def label(self) -> str:
        return self.message.get_state_display()


def row(message: Message, *, now: datetime) -> Row:
    """The row of one message at this instant."""
    state, icon = BADGES[State(message.state)]
    in_grace = message.state == State.QUEUED and message.tries == 0 and message.next_at > now
    why = advice(message.last_key) if message.last_key else None
    return Row(message, state, icon, in_grace, why)


def rows(messages: Sequence[Message], *, now: datetime) -> list[Row]:
    """A page of the list."""
    return [row(message, now=now) for message in messages]
