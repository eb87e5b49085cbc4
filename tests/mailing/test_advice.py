"""For every key there are words."""

import re
from pathlib import Path

import pytest

import mailing
from mailing.advice import advice, as_sentence, steps_html
from mailing.advice.general import GENERAL
from mailing.advice.providers import PROVIDERS
from mailing.presets import all_presets
from mailing.smtp_answers import RULES

STAGES = ("tcp", "tls", "banner", "ehlo", "auth", "sender", "recipient", "data", "body")
KEYS = sorted({rule.key for rule in RULES} | {"temp.other"} | set(GENERAL))


@pytest.mark.parametrize("key", [*KEYS, *(f"{kind}.{stage}" for kind in ("timeout", "dropped") for stage in STAGES)])
def test_every_key_has_title_cause_and_what_to_do(key: str) -> None:
    found = advice(key)

    assert found is not GENERAL["perm.other"] or key == "perm.other"
    assert found.title
    assert found.cause
    assert found.steps or key == "ok"


def test_every_key_in_the_code_has_advice() -> None:
    folder = Path(mailing.__file__).parent
    kinds = "input|dns|tcp|net|banner|tls|auth|oauth|rate|server|sender|quota|temp|rcpt|message|perm|policy|account"
    written = {
        key
        for file in folder.rglob("*.py")
        for key in re.findall(rf'"((?:{kinds})\.[a-z_0-9]+)"', file.read_text("utf-8"))
    }

    assert len(written) > 40
    assert written <= set(GENERAL)


def test_providers_have_their_own_words() -> None:
    gmail = advice("auth.app_password_required", preset="gmail")

    assert gmail.title == "Gmail wants an app password"
    assert advice("auth.bad_credentials", preset="gmail") == gmail
    assert '<a href="https://myaccount.google.com/apppasswords"' in steps_html(gmail)[0]
    assert advice("auth.bad_credentials", preset="bluewin") == GENERAL["auth.bad_credentials"]


def test_every_provider_with_own_words_exists() -> None:
    known = {each.key for each in all_presets()}

    assert {preset for _key, preset in PROVIDERS} <= known


@pytest.mark.parametrize("found", [*GENERAL.values(), *PROVIDERS.values()], ids=lambda found: str(found.title))
def test_a_link_is_always_named_and_always_shown(found: object) -> None:
    named = any("{link}" in str(step) for step in found.steps)

    assert named == bool(found.link)
    assert "{link}" not in as_sentence(found) + "".join(steps_html(found))


def test_an_unknown_key_still_says_something() -> None:
    assert advice("no.such_key") == GENERAL["perm.other"]
