"""The live test of mail settings: a sign-in up to the sender's address, at most 20 seconds, nothing is sent."""

import time
from dataclasses import dataclass

from mailing.smtp_answers import Trouble, clean, enhanced_code
from mailing.smtp_dialogue import Dialogue, Login, Server, app_password
from mailing.smtp_reach import INTERNET, Reach

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended: `ok`, or a stable `key`, the `stage` it happened in, and the server's own words, cleaned.

    `passed` holds what worked: found, encrypted, password, sender. `ms` is the time it took.
    `works_with` names the other kind of encryption when only that was wrong.
    """

    ok: bool
    key: str
    stage: str
    code: int | None = None
    enhanced: str = ""
    server: str = ""
    ms: int = 0
    passed: tuple[str, ...] = ()
    works_with: str = ""


def result_of(talk: Dialogue, began: float, *, trouble: Trouble | None = None, secrets: tuple[str, ...] = ()) -> Result:
    """The result of a conversation that began at `began` (time.monotonic)."""
    ms = int((time.monotonic() - began) * 1000)
    passed = tuple(dict.fromkeys(talk.passed))
    if trouble is None:
        return Result(ok=True, key="ok", stage="done", ms=ms, passed=passed)
    reply = trouble.reply
    return Result(
        ok=False,
        key=trouble.key,
        stage=talk.stage,
        code=reply.code if reply else None,
        enhanced=enhanced_code(reply.text) if reply else "",
        server=clean(trouble.words, secrets=secrets),
        ms=ms,
        passed=passed,
    )


def probe(
    server: Server,
    login: Login,
    *,
    sender: str = "",
    recipient: str = "",
    reach: Reach = INTERNET,
    seconds: float = SECONDS,
) -> Result:
    """Try the settings. Never raises for what a server or the network does.

    `sender` and `recipient` are asked for (MAIL FROM, RCPT TO) and taken back; no message follows.
    """
    began = time.monotonic()
    login = Login(login.user, app_password(login.password), login.token)
    talk = Dialogue(server, reach=reach, seconds=seconds)
    try:
        talk.open()
        talk.sign_in(login)
        if sender:
            talk.sender(sender)
        if recipient:
            talk.recipient(recipient)
    except Trouble as trouble:
        return result_of(talk, began, trouble=trouble, secrets=login.secrets())
    finally:
        talk.close()
    return result_of(talk, began)
