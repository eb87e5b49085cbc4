"""Handing frozen messages to the mail server, one after the other over one connection.

SMTP cannot promise "exactly once": between the last byte and the server's answer nobody knows. So the caller is asked
to write down that the body is about to leave, and a line that breaks after that is told apart (stage `body`).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from mailing.probe import Result, result_of
from mailing.smtp_answers import Trouble
from mailing.smtp_dialogue import Dialogue, Login, Server, app_password
from mailing.smtp_reach import INTERNET, Reach

SECONDS, PATIENCE = 180.0, 120.0  # a server may look at the message for a while before it answers
CLOSING = 421  # the server hangs up after it (RFC 5321, 3.8)
UNSURE = ("timeout.body", "dropped.body")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message (RFC 5322 bytes) and its envelope."""

    sender: str
    recipient: str
    message: bytes


def is_unsure(result: Result) -> bool:
    """Whether the server may have taken the message although no answer came."""
    return result.key in UNSURE


class Courier:
    """Keeps one connection for a batch. Use as a context manager; `deliver` never raises for what a server does."""

    def __init__(self, server: Server, login: Login, *, reach: Reach = INTERNET) -> None:
        """Nothing is opened before the first message."""
        self._server = server
        self._login = Login(login.user, app_password(login.password), login.token)
        self._reach = reach
        self._talk: Dialogue | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        self._hang_up()

    def deliver(self, parcel: Parcel, *, before_body: Callable[[], bool]) -> Result:
        """Send one message. `before_body` is called when only the body is left; False stops (key `lease.lost`)."""
        began = time.monotonic()
        reused = self._talk is not None
        talk = self._talk = self._talk or Dialogue(self._server, reach=self._reach, seconds=SECONDS, patience=PATIENCE)
        try:
            self._send(talk, parcel, before_body, reused=reused)
        except Trouble as trouble:
            if trouble.reply is None or trouble.reply.code == CLOSING or "password" not in talk.passed:
                self._hang_up()
            if reused and talk.stage in ("reset", "sender") and trouble.reply is None:
                return self.deliver(parcel, before_body=before_body)  # the server closed an idle connection
            return result_of(talk, began, trouble=trouble, secrets=self._login.secrets())
        return result_of(talk, began)

    def _send(self, talk: Dialogue, parcel: Parcel, before_body: Callable[[], bool], *, reused: bool) -> None:
        talk.extend(seconds=SECONDS, patience=PATIENCE)
        if reused:
            talk.reset()
        else:
            talk.open()
            talk.sign_in(self._login)
        talk.sender(parcel.sender, size=len(parcel.message))
        talk.recipient(parcel.recipient)
        talk.announce()
        if not before_body():
            raise Trouble("lease.lost")
        talk.body(parcel.message)

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None
