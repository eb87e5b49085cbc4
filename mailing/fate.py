"""What becomes of a message after a try: again later, given up, unsure, or the whole mailbox waits."""

from datetime import timedelta
from enum import Enum

from mailing.delivery import is_unsure
from mailing.probe import Result

# Waits between tries; the sum is a little over 24 hours, then it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240, 240, 240, 240, 240))
REST = timedelta(minutes=15)

# The server does not know the recipient yet when these happen: the next message would meet the same.
NOT_THE_MESSAGE = ("input", "dns", "policy", "tcp", "tls", "banner", "ehlo", "auth", "reset")
PERMANENT = 500
RESTING = ("auth.temporary", "auth.too_many", "rate.try_later", "server.busy")
STOPPING = ("auth.", "oauth.", "policy.", "input.", "sender.not_allowed")


class Fate(Enum):
    """One word for what follows."""

    SENT = "sent"
    AGAIN = "again"  # this message, after its next wait
    AGAIN_ALL = "again_all"  # the same, and no other message is tried now
    GIVEN_UP = "given_up"
    UNSURE = "unsure"
    REST = "rest"  # the mailbox waits a quarter of an hour, the message's tries are not counted
    TOMORROW = "tomorrow"  # the provider's limit of the day
    STOP = "stop"  # the mailbox waits until its settings are mended


def fate(result: Result) -> Fate:
    """Decide. Given up at once is only what the server refuses for good (5xx) because of this message."""
    if result.ok:
        return Fate.SENT
    if is_unsure(result):
        return Fate.UNSURE
    return _of_the_mailbox(result) or (Fate.GIVEN_UP if _is_permanent(result) else Fate.AGAIN)


def _of_the_mailbox(result: Result) -> Fate | None:
    """What every other message would meet as well."""
    if result.key == "quota.daily":
        return Fate.TOMORROW
    if result.key in RESTING:
        return Fate.REST
    if result.key.startswith(STOPPING):
        return Fate.STOP
    return Fate.AGAIN_ALL if result.stage in NOT_THE_MESSAGE else None


def _is_permanent(result: Result) -> bool:
    return (result.code or 0) >= PERMANENT or result.key in ("message.too_big", "rcpt.refused")


def wait_before(tries: int) -> timedelta | None:
    """The wait before the next try when `tries` have failed, or None when it is enough."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None
