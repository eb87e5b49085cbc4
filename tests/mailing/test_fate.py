"""What becomes of a message after each kind of answer."""

from datetime import timedelta

import pytest

from mailing.fate import WAITS, Fate, fate, wait_before
from mailing.probe import Result


@pytest.mark.parametrize(
    ("key", "stage", "code", "expected"),
    [
        ("temp.greylist", "recipient", 451, Fate.AGAIN),
        ("temp.other", "body", 451, Fate.AGAIN),
        ("timeout.recipient", "recipient", None, Fate.AGAIN),
        ("dropped.data", "data", None, Fate.AGAIN),
        ("dropped.body", "body", None, Fate.UNSURE),
        ("timeout.body", "body", None, Fate.UNSURE),
        ("rcpt.unknown", "recipient", 550, Fate.GIVEN_UP),
        ("message.rejected", "body", 554, Fate.GIVEN_UP),
        ("message.too_big", "sender", None, Fate.GIVEN_UP),
        ("rcpt.refused", "recipient", None, Fate.GIVEN_UP),
        ("tcp.refused", "tcp", None, Fate.AGAIN_ALL),
        ("dns.temporary", "dns", None, Fate.AGAIN_ALL),
        ("tls.expired", "tls", None, Fate.AGAIN_ALL),
        ("timeout.banner", "banner", None, Fate.AGAIN_ALL),
        ("auth.bad_credentials", "auth", 535, Fate.STOP),
        ("oauth.token_refused", "auth", 535, Fate.STOP),
        ("sender.not_allowed", "sender", 553, Fate.STOP),
        ("policy.private_address", "policy", None, Fate.STOP),
        ("auth.temporary", "auth", 454, Fate.REST),
        ("auth.too_many", "auth", 454, Fate.REST),
        ("server.busy", "banner", 421, Fate.REST),
        ("quota.daily", "sender", 550, Fate.TOMORROW),
    ],
)
def test_each_answer_has_its_consequence(key: str, stage: str, code: int | None, expected: Fate) -> None:
    assert fate(Result(ok=False, key=key, stage=stage, code=code)) is expected


def test_a_good_end_is_sent() -> None:
    assert fate(Result(ok=True, key="ok", stage="done")) is Fate.SENT


def test_the_waits_grow_and_end_after_a_day() -> None:
    waits = [wait_before(tries) for tries in range(1, len(WAITS) + 1)]

    assert waits[:5] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
    assert timedelta(hours=24) < sum(WAITS, timedelta()) < timedelta(hours=28)
    assert wait_before(len(WAITS) + 1) is None
