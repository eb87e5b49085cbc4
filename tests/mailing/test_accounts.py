"""Testing a mailbox, and storing only what works."""

import dataclasses
import functools

import pytest
from django.db import connection
from pytest_django import Settings

from mailing.models import MailAccount, Message
from mailing.probe import probe
from mailing.services import accounts, sending, throttle
from mailing.services.accounts import Draft
from optamed.core.errors import DomainError
from optamed.practice.models import User
from tests.mailing import servers
from tests.mailing.servers import CA_PEM, Mailbox, Park

pytestmark = pytest.mark.usefixtures("private_mail")


def draft(port: int, /, **over: object) -> Draft:
    values = {
        "preset": "other",
        "address": "me@localhost",
        "display_name": "Cabinet",
        "host": "localhost",
        "port": port,
        "security": "starttls",
        "password": "geheim",
        "certificate": CA_PEM,
    }
    return Draft(**values | over)


def test_a_test_stores_nothing_and_sends_nothing(park: Park, owner: User) -> None:
    box = Mailbox()

    result = accounts.test(draft=draft(park.start(box)), by=owner)

    assert result.ok
    assert not MailAccount.objects.exists()
    assert box.taken == []


def test_saving_tests_again_and_stores_the_password_encrypted(park: Park, owner: User) -> None:
    box = Mailbox()

    result = accounts.save(draft=draft(park.start(box)), by=owner)

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM mailing_mailaccount")
        raw = cursor.fetchone()[0]
    account = MailAccount.objects.active()
    assert result.ok
    assert box.signed_in == 1
    assert raw
    assert "geheim" not in raw
    assert account.secret == "geheim"
    assert account.tested_at is not None
    assert account.username == "me@localhost"


def test_what_does_not_work_is_not_saved_and_the_old_settings_stay(park: Park, owner: User) -> None:
    port = park.start()
    accounts.save(draft=draft(port), by=owner)

    result = accounts.save(draft=draft(port, password="wrong", display_name="New"), by=owner)

    account = MailAccount.objects.active()
    assert result.key == "auth.bad_credentials"
    assert (account.secret, account.display_name) == ("geheim", "Cabinet")


def test_the_stored_password_serves_while_server_and_user_stay(park: Park, owner: User) -> None:
    port = park.start()
    accounts.save(draft=draft(port), by=owner)

    result = accounts.save(draft=draft(port, password="", display_name="Zoë"), by=owner)

    assert result.ok
    assert MailAccount.objects.get().display_name == "Zoë"
    assert MailAccount.objects.get().secret == "geheim"


@pytest.mark.parametrize("changed", [{"host": "127.0.0.1"}, {"username": "somebody"}, {"certificate": ""}, {"port": 1}])
def test_another_server_or_user_never_gets_the_stored_password(
    park: Park, owner: User, changed: dict[str, object]
) -> None:
    box = Mailbox()
    port = park.start(box)
    accounts.save(draft=draft(port), by=owner)
    box.signed_in = 0

    result = accounts.test(draft=dataclasses.replace(draft(port, password=""), **changed), by=owner)

    assert result.key == "input.password"
    assert box.signed_in == 0


def test_saving_for_another_server_replaces_the_old_password(park: Park, owner: User) -> None:
    accounts.save(draft=draft(park.start()), by=owner)
    other = park.start(auth=servers.accepts({"me@localhost": "another"}))

    accounts.save(draft=draft(other, password="another"), by=owner)

    account = MailAccount.objects.get()
    assert (account.port, account.secret) == (other, "another")


def test_a_saved_mailbox_sends_again_after_a_pause(park: Park, owner: User, write: object) -> None:
    box = Mailbox()
    port = park.start(box)
    accounts.save(draft=draft(port), by=owner)
    MailAccount.objects.update(pause_key="auth.bad_credentials")
    write()
    sending.send_due()
    assert Message.objects.stuck().count() == 1

    accounts.save(draft=draft(port), by=owner)

    assert not Message.objects.stuck().exists()
    assert sending.send_due() == 1


def test_the_wrong_kind_of_encryption_is_told_with_the_right_one(park: Park, owner: User) -> None:
    port = park.start(mode="starttls")

    result = accounts.test(draft=draft(port, security="tls"), by=owner)

    assert (result.key, result.works_with) == ("tls.wrong_mode", "starttls")


def test_starttls_on_a_tls_port_is_told_too(park: Park, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    port = park.start(mode="tls")
    monkeypatch.setattr(accounts, "probe", functools.partial(probe, seconds=1.0))

    result = accounts.test(draft=draft(port, security="starttls"), by=owner)

    assert (result.key, result.works_with) == ("tls.wrong_mode", "tls")


def test_outlook_says_that_passwords_no_longer_work_without_asking_the_server(owner: User) -> None:
    typed = draft(587, preset="outlook", host="smtp-mail.outlook.com", certificate="")

    result = accounts.test(draft=typed, by=owner)

    assert (result.key, result.stage) == ("auth.basic_disabled", "input")


def test_only_the_owner_tests(park: Park, owner: User) -> None:
    owner.is_owner = False

    for verb in (accounts.test, accounts.save, accounts.send_trial):
        with pytest.raises(DomainError, match="owner"):
            verb(draft=draft(587), by=owner)


def test_five_tests_a_minute_are_enough(park: Park, owner: User) -> None:
    port = park.start()

    keys = [accounts.test(draft=draft(port), by=owner).key for _ in range(6)]

    assert keys == ["ok"] * 5 + ["rate.own_limit"]


def test_after_three_wrong_passwords_there_is_a_pause_for_this_mailbox(park: Park, owner: User) -> None:
    box = Mailbox()
    port = park.start(box)
    wrong = draft(port, password="wrong")

    keys = [accounts.test(draft=wrong, by=owner).key for _ in range(3)]
    paused = accounts.test(draft=draft(port), by=owner)
    another = accounts.test(draft=draft(port, username="ü@localhost", password="Zürich-8001"), by=owner)

    assert keys == ["auth.bad_credentials"] * 3
    assert paused.key == "auth.paused"
    assert box.signed_in == 1
    assert another.ok


def test_a_right_password_forgets_the_wrong_ones(park: Park, owner: User) -> None:
    port = park.start()
    for password in ("wrong", "wrong", "geheim"):
        accounts.test(draft=draft(port, password=password), by=owner)

    result = accounts.test(draft=draft(port, password="wrong"), by=owner)

    assert result.key == "auth.bad_credentials"


def test_one_test_at_a_time(owner: User) -> None:
    assert throttle.may_test(owner.pk, "a") is None

    assert throttle.may_test(owner.pk, "a") == throttle.TOO_OFTEN


def test_a_trial_message_arrives_at_the_mailbox_itself(park: Park, owner: User) -> None:
    box = Mailbox()

    result = accounts.send_trial(draft=draft(park.start(box)), by=owner)

    assert result.ok
    assert (box.taken[0].mail_from, box.taken[0].rcpt_tos) == ("me@localhost", ["me@localhost"])


def test_a_password_is_not_in_the_representation_of_anything(park: Park) -> None:
    typed = draft(587)

    assert "geheim" not in repr(typed)
    assert "geheim" not in repr(dataclasses.replace(typed))


def test_private_servers_are_refused_without_the_permission(owner: User, settings: Settings) -> None:
    settings.ALLOW_PRIVATE_MAIL = False

    result = accounts.test(draft=draft(587), by=owner)

    assert result.key == "policy.private_address"
