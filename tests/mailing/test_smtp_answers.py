"""What a server's words mean, without a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.smtp_answers import Reply, classify, clean, enhanced_code


@pytest.mark.parametrize(
    ("code", "text", "key"),
    [
        (535, "5.7.8 bad password", "auth.bad_credentials"),
        (535, "5.7.3 Authentication unsuccessful", "auth.bad_credentials"),
        (535, "5.7.8 too many login attempts", "auth.too_many"),
        (530, "5.7.57 Client not authenticated to send mail", "auth.not_authenticated"),
        (530, "5.7.0 Authentication required", "auth.not_authenticated"),
        (504, "5.5.4 Unrecognized authentication type", "auth.mechanism_unsupported"),
        (421, "4.7.0 Too many connections", "rate.try_later"),
        (421, "Service not available", "server.busy"),
        (550, "5.2.0 outbound quota exceeded", "quota.daily"),
        (554, "5.2.0 SendAsDenied; not allowed to send as", "sender.not_allowed"),
        (450, "4.2.0 Greylisted", "temp.greylist"),
        (452, "4.2.2 mailbox full", "rcpt.mailbox_full"),
        (552, "message exceeds maximum size", "message.too_big"),
        (554, "5.3.4 too large", "message.too_big"),
        (550, "blocked by policy", "message.rejected"),
        (499, "?", "temp.other"),
        (599, "?", "perm.other"),
    ],
)
def test_a_refusal_has_one_key(code: int, text: str, key: str) -> None:
    assert classify(Reply(code, text)) == key


def test_gmx_answers_a_switched_off_access_like_a_wrong_password() -> None:
    reply = Reply(535, "Authentication credentials invalid")

    assert classify(reply, host="mail.gmx.net") == "auth.third_party_off"
    assert classify(reply, host="mail.example.ch") == "auth.bad_credentials"


@pytest.mark.parametrize(
    ("text", "code"), [("5.7.8 no", "5.7.8"), ("see 4.7.0\n5.1.1", "4.7.0"), ("1.2.3.4", ""), ("", ""), ("3.7.8", "")]
)
def test_the_first_enhanced_code_is_found(text: str, code: str) -> None:
    assert enhanced_code(text) == code


@given(st.text(), st.text(min_size=1, max_size=20))
def test_shown_words_are_short_and_without_control_marks(text: str, secret: str) -> None:
    shown = clean(f"{text}\u202e\r\n{secret}", secrets=(secret,))

    assert len(shown) <= 300
    assert not any(mark in shown for mark in "\r\n\x00\x1b\u202e\u2066\u200f")


def test_machine_names_and_secrets_are_taken_out() -> None:
    shown = clean("535 geheim refused [ZR0P278CA0001.CHEP278.PROD.OUTLOOK.COM 2026]", secrets=("geheim",))

    assert shown == "535 *** refused"
