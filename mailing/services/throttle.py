"""How often a mailbox may be tested: providers lock an account, or a whole connection, after a few wrong passwords."""

import hashlib

from django.core.cache import cache

from mailing.probe import Result

PER_MINUTE, PER_HOUR = 5, 20
WRONG_PASSWORDS, PAUSE_SECONDS = 3, 15 * 60
LONGEST_TEST_SECONDS = 60
WRONG = frozenset({"auth.bad_credentials", "auth.app_password_required", "auth.third_party_off"})
TOO_OFTEN = Result(ok=False, key="rate.own_limit", stage="input")
PAUSED = Result(ok=False, key="auth.paused", stage="input")


def may_test(user_id: int, account: str) -> Result | None:
    """None when a test may run now (it counts from here), otherwise why not. `account` is server and user name."""
    if cache.get(_wrong(account), 0) >= WRONG_PASSWORDS:
        return PAUSED
    counts = [_count(f"mail-test:{user_id}:{seconds}", seconds) for seconds in (60, 3600)]
    if counts[0] > PER_MINUTE or counts[1] > PER_HOUR:
        return TOO_OFTEN
    return None if cache.add(_running(user_id), 1, LONGEST_TEST_SECONDS) else TOO_OFTEN


def tested(user_id: int, account: str, result: Result) -> None:
    """The test is over: count a wrong password, forget them after a right one."""
    cache.delete(_running(user_id))
    if result.ok:
        cache.delete(_wrong(account))
    elif result.key in WRONG:
        _count(_wrong(account), PAUSE_SECONDS)


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, seconds)
        return 1


def _running(user_id: int) -> str:
    return f"mail-test-running:{user_id}"


def _wrong(account: str) -> str:
    return "mail-wrong:" + hashlib.sha256(account.encode()).hexdigest()
