"""This process: how it is told apart from other programs on the same port, and how a page asks it to stop."""

import secrets
import threading
from collections.abc import Callable

# /health answers with it, the run file holds it: a foreign program on our port is never taken for OptaMed.
NONCE = secrets.token_hex(16)

_stop: Callable[[], None] | None = None


def when_asked_to_stop(stop: Callable[[], None] | None) -> None:
    """The server says here how it is stopped (None: it no longer runs)."""
    global _stop  # noqa: PLW0603  one process, one server
    _stop = stop


def can_stop() -> bool:
    """Whether "Quit" means anything: not under a host's own server or in development."""
    return _stop is not None


def ask_to_stop(*, after: float = 0.5) -> bool:
    """Stop cleanly in ``after`` seconds, so that the answer to "Quit" still leaves. False: there is nothing to stop."""
    if _stop is None:
        return False
    timer = threading.Timer(after, _stop)
    timer.daemon = True
    timer.start()
    return True
