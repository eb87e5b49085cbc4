"""The live test against real servers: what each of them answers, and what it means."""

import time
import tracemalloc

import pytest

from mailing.probe import Result, probe
from mailing.smtp_dialogue import Login, Server
from mailing.smtp_reach import ANYWHERE, BRIDGE, INTERNET
from tests.mailing import servers
from tests.mailing.servers import Mailbox, Park, WithToken, accepts, refuses

ME = Login("me@localhost", "geheim")


def ask(port: int, security: str = "starttls", login: Login = ME, *, seconds: float = 3.0, **more: str) -> Result:
    server = Server("localhost", port, security, servers.CA_PEM)
    return probe(server, login, sender="me@localhost", reach=ANYWHERE, seconds=seconds, **more)


@pytest.mark.parametrize(
    ("mode", "login"),
    [
        ("starttls", ME),
        ("tls", ME),
        ("starttls", Login("ü@localhost", "Zürich-8001")),
        ("tls", Login("ü@localhost", "Zürich-8001")),
    ],
)
def test_a_good_mailbox_is_ok_and_nothing_is_sent(park: Park, mode: str, login: Login) -> None:
    box = Mailbox()
    port = park.start(box, mode=mode)

    result = ask(port, mode, login)

    assert (result.ok, result.key, result.stage) == (True, "ok", "done")
    assert result.passed == ("found", "encrypted", "password", "sender")
    assert box.taken == []


@pytest.mark.parametrize(
    "typed", ["abcd efgh ijkl mnop", "abcd efgh\u00a0ijkl mnop", " abcd efgh ijkl mnop ", "abcdefghijklmnop"]
)
def test_an_app_password_may_be_pasted_with_its_spaces(park: Park, typed: str) -> None:
    port = park.start(auth=accepts({"me@localhost": "abcdefghijklmnop"}))

    result = ask(port, login=Login("me@localhost", typed))

    assert result.ok


def test_another_password_keeps_its_spaces(park: Park) -> None:
    port = park.start(auth=accepts({"me@localhost": " ab cd "}))

    result = ask(port, login=Login("me@localhost", " ab cd "))

    assert result.ok


ANSWERS = [
    ("535 5.7.8 Authentication credentials invalid", "auth.bad_credentials"),
    (
        "535 5.7.8 Username and Password not accepted. https://support.google.com/mail/?p=BadCredentials",
        "auth.bad_credentials",
    ),
    (
        "534 5.7.9 Application-specific password required. https://support.google.com/mail/?p=InvalidSecondFactor",
        "auth.app_password_required",
    ),
    ("534 5.7.14 Please log in via your web browser and then try again.", "auth.web_login_required"),
    (
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [GBRP265.PROD.OUTLOOK.COM]",
        "auth.basic_disabled",
    ),
    (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        "auth.smtp_auth_off_tenant",
    ),
    (
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
        "auth.tenant_policy",
    ),
    ("550 5.7.30 Basic authentication is not supported for Client Submission.", "auth.basic_disabled"),
    ("535 5.7.0 (#AUTH005) Too many bad auth attempts.", "auth.app_password_required"),
    ("535 5.7.8 IMAP and POP3 access is disabled for this account", "auth.third_party_off"),
    ("454 4.7.0 Too many login attempts, please try again later.", "auth.too_many"),
    ("454 4.7.0 Temporary authentication failure", "auth.temporary"),
]


@pytest.mark.parametrize(("answer", "key"), ANSWERS)
def test_a_refused_sign_in_is_told_by_its_cause(park: Park, answer: str, key: str) -> None:
    port = park.start(auth=refuses(answer))

    result = ask(port)

    assert (result.ok, result.key, result.stage, result.code) == (False, key, "auth", int(answer[:3]))
    assert result.passed == ("found", "encrypted")
    assert "OUTLOOK" not in result.server


def test_a_wrong_password_is_refused_and_never_repeated_in_the_answer(park: Park) -> None:
    port = park.start(auth=refuses("535 5.7.8 no such pair: me@localhost sesam-1234"))

    result = ask(port, login=Login("me@localhost", "sesam-1234"))

    assert result.key == "auth.bad_credentials"
    assert "sesam" not in result.server
    assert "***" in result.server


@pytest.mark.parametrize(
    ("box", "recipient", "key", "stage"),
    [
        (Mailbox(mail="553 5.7.1 Sender address rejected: not owned by user"), "", "sender.not_allowed", "sender"),
        (
            Mailbox(mail="550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
            "",
            "sender.not_allowed",
            "sender",
        ),
        (Mailbox(mail="550 5.4.5 Daily user sending limit exceeded."), "", "quota.daily", "sender"),
        (Mailbox(rcpt="451 4.7.1 Greylisted, please try again in 300 seconds"), "p@x.ch", "temp.greylist", "recipient"),
        (Mailbox(rcpt="550 5.1.1 User unknown"), "p@x.ch", "rcpt.unknown", "recipient"),
        (Mailbox(rcpt="552 5.2.2 Mailbox full"), "p@x.ch", "rcpt.mailbox_full", "recipient"),
        (Mailbox(rcpt="452 4.5.3 Too many recipients"), "p@x.ch", "rcpt.too_many", "recipient"),
        (Mailbox(rcpt="452 4.3.1 Insufficient system storage"), "p@x.ch", "temp.storage", "recipient"),
        (Mailbox(rcpt="550 relay not permitted"), "p@x.ch", "rcpt.refused", "recipient"),
        (Mailbox(rcpt="554 5.7.1 judged as spam"), "p@x.ch", "message.rejected", "recipient"),
        (Mailbox(rcpt="471 nobody knows"), "p@x.ch", "temp.other", "recipient"),
        (Mailbox(rcpt="571 nobody knows"), "p@x.ch", "perm.other", "recipient"),
    ],
)
def test_a_refused_sender_or_recipient_is_told_by_its_cause(
    park: Park, box: Mailbox, recipient: str, key: str, stage: str
) -> None:
    port = park.start(box)

    result = ask(port, recipient=recipient)

    assert (result.key, result.stage) == (key, stage)
    assert "password" in result.passed


@pytest.mark.parametrize(
    ("context", "mode", "key"),
    [
        (servers.OTHER_NAME, "starttls", "tls.hostname"),
        (servers.OTHER_NAME, "tls", "tls.hostname"),
        (servers.EXPIRED, "tls", "tls.expired"),
        (servers.TOO_YOUNG, "tls", "tls.not_yet_valid"),
        (servers.STRANGER, "starttls", "tls.unknown_ca"),
        (servers.STRANGER, "tls", "tls.unknown_ca"),
    ],
)
def test_a_wrong_certificate_ends_it_before_the_password(park: Park, context: object, mode: str, key: str) -> None:
    box = Mailbox()
    port = park.start(box, tls=context, mode=mode)

    result = ask(port, mode)

    assert (result.key, result.stage) == (key, "tls")
    assert box.signed_in == 0
    assert result.passed == ("found",)


def test_tls_on_a_starttls_port_is_the_wrong_mode(park: Park) -> None:
    port = park.start(mode="starttls")

    result = ask(port, "tls")

    assert (result.key, result.stage) == ("tls.wrong_mode", "tls")


def test_starttls_on_a_tls_port_waits_in_vain_for_a_greeting(park: Park) -> None:
    port = park.start(mode="tls")

    result = ask(port, "starttls", seconds=1.0)

    assert (result.key, result.stage) == ("timeout.banner", "banner")


def test_without_encryption_the_password_stays_here(park: Park) -> None:
    port = park.start(mode="plain", tls=None)

    result = ask(port)

    assert result.key == "tls.not_offered"


def test_a_server_without_sign_in_is_told(park: Park) -> None:
    port = park.start(Mailbox(offers_auth=False))

    result = ask(port)

    assert result.key == "auth.not_offered"


def test_only_token_sign_in_is_told(park: Park) -> None:
    port = park.start(kind=WithToken, auth_exclude_mechanism=["PLAIN", "LOGIN"])

    result = ask(port)

    assert result.key == "auth.oauth_required"


def test_sign_in_by_login_works_where_plain_is_not_offered(park: Park) -> None:
    port = park.start(auth_exclude_mechanism=["PLAIN"])

    result = ask(port, login=Login("ü@localhost", "Zürich-8001"))

    assert result.ok


def test_a_good_token_signs_in(park: Park) -> None:
    port = park.start(kind=WithToken)

    result = ask(port, login=Login("me@localhost", token="good-token"))

    assert result.ok


def test_an_expired_token_is_told_as_such(park: Park) -> None:
    port = park.start(kind=WithToken)

    result = ask(port, login=Login("me@localhost", token="old"))

    assert result.key == "oauth.token_refused"
    assert '"status":"400"' in result.server


@pytest.mark.parametrize(
    ("speak", "key"),
    [
        (servers.says_nothing, "timeout.banner"),
        (servers.hangs_after_greeting, "timeout.ehlo"),
        (servers.drips, "timeout.banner"),
        (servers.floods, "dropped.banner"),
        (servers.floods_one_line, "dropped.banner"),
        (servers.hangs_up, "dropped.banner"),
        (servers.portal, "banner.not_smtp"),
        (servers.is_busy, "rate.try_later"),
    ],
)
def test_a_server_that_misbehaves_ends_within_the_time(park: Park, speak: object, key: str) -> None:
    port = park.raw(speak)
    began = time.monotonic()

    result = ask(port, seconds=0.8)

    assert result.key == key
    assert time.monotonic() - began < 1.5


def test_an_endless_greeting_does_not_fill_the_memory(park: Park) -> None:
    port = park.raw(servers.floods)
    tracemalloc.start()

    ask(port, seconds=2.0)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("speak", [servers.says_nothing, servers.drips])
def test_a_handshake_that_never_ends_is_ended(park: Park, speak: object) -> None:
    port = park.raw(speak)
    began = time.monotonic()

    result = ask(port, "tls", seconds=0.8)

    assert result.key in ("timeout.tls", "tls.wrong_mode")
    assert time.monotonic() - began < 1.5


def test_what_a_foreign_service_says_is_not_shown(park: Park) -> None:
    port = park.raw(servers.portal)

    result = ask(port, seconds=1.0)

    assert result.server == ""


def test_nobody_listens(park: Park) -> None:
    result = ask(servers.closed_port())

    assert (result.key, result.stage, result.passed) == ("tcp.refused", "tcp", ())


@pytest.mark.parametrize(
    ("server", "keys", "stage"),
    [
        (Server("no-such-host.invalid", 587, "starttls"), ("dns.not_found", "dns.temporary"), "dns"),
        (Server("127.0.0.1", 587, "starttls"), ("policy.private_address",), "policy"),
        (Server("localhost", 587, "starttls"), ("policy.private_address",), "policy"),
        (Server("169.254.169.254", 587, "starttls"), ("policy.private_address",), "policy"),
        (Server("10.0.0.1", 465, "tls"), ("policy.private_address",), "policy"),
        (Server("192.168.1.1", 465, "tls"), ("policy.private_address",), "policy"),
        (Server("0.0.0.0", 465, "tls"), ("policy.private_address",), "policy"),  # noqa: S104
        (Server("smtp.gmail.com", 22, "tls"), ("input.port",), "input"),
        (Server("smtp.gmail.com", 25, "starttls"), ("input.port",), "input"),
        (Server("smtp.gmail.com", 1025, "starttls"), ("input.port",), "input"),
        (Server("smtp.gmail.com", 0, "starttls"), ("input.port",), "input"),
        (Server("", 587, "tls"), ("input.host",), "input"),
        (Server("ex\r\nample.com", 587, "tls"), ("input.host",), "input"),
        (Server("user@example.com", 587, "tls"), ("input.host",), "input"),
        (Server("::ffff:127.0.0.1", 587, "tls"), ("input.host",), "input"),
        (Server("a" * 64 + ".ch", 587, "tls"), ("input.host",), "input"),
        (Server("smtp.gmail.com", 465, "tls", "not a certificate"), ("input.certificate",), "input"),
    ],
)
def test_what_may_not_be_tried_is_refused_without_a_connection(
    server: Server, keys: tuple[str, ...], stage: str
) -> None:
    result = probe(server, ME, sender="me@localhost", reach=INTERNET)

    assert result.key in keys
    assert result.stage == stage


def test_the_bridge_is_reached_on_this_computer_only() -> None:
    here = probe(Server("127.0.0.1", 1025, "starttls"), ME, reach=BRIDGE, seconds=1.0)
    elsewhere = probe(Server("8.8.8.8", 1025, "starttls"), ME, reach=BRIDGE, seconds=1.0)
    other_port = probe(Server("127.0.0.1", 587, "starttls"), ME, reach=BRIDGE, seconds=1.0)

    assert here.stage != "policy"
    assert elsewhere.key == "policy.private_address"
    assert other_port.key == "input.port"


def test_the_cloud_s_metadata_address_stays_closed_even_where_private_networks_are_open() -> None:
    result = probe(Server("169.254.169.254", 80, "tls"), ME, reach=ANYWHERE, seconds=1.0)

    assert result.key == "policy.private_address"


def test_an_address_cannot_smuggle_a_command_into_the_envelope(park: Park) -> None:
    box = Mailbox()
    port = park.start(box)

    result = ask(port, recipient="a@b.ch>\r\nDATA")

    assert result.key == "rcpt.refused"
    assert box.taken == []
