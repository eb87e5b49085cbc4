"""The settings page of the mailbox, as a signed_in meets it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mailing.models import MailAccount
from optamed.practice.models import User
from tests import factories
from tests.mailing import servers
from tests.mailing.servers import CA_PEM, Mailbox, Park

pytestmark = pytest.mark.usefixtures("private_mail")
PAGE, TEST, TRIAL = "/settings/mail/", "/settings/mail/test/", "/settings/mail/trial/"
HTMX = {"HX-Request": "true"}


def typed(port: int | str, /, **over: Any) -> dict[str, Any]:
    values = {
        "preset": "other",
        "address": "me@localhost.ch",
        "display_name": "Cabinet Trois-Lacs",
        "password": "geheim",
        "host": "localhost",
        "port": port,
        "security": "starttls",
        "username": "me@localhost",
        "certificate": CA_PEM,
    }
    return values | over


def test_the_page_offers_every_provider_and_save_is_off(signed_in: Client) -> None:
    html = signed_in.get(PAGE).content.decode()

    assert html.count('name="preset"') == 12
    assert "Not connected yet" in html
    assert "data-primary disabled" not in html
    assert " disabled>Save</button>" in html
    assert 'type="password"' in html


def test_the_provider_of_the_owner_s_address_is_chosen(signed_in: Client, owner: User) -> None:
    User.objects.update(email="claire@bluewin.ch")

    html = signed_in.get(PAGE).content.decode()

    assert "smtpauths.bluewin.ch · 465 · TLS" in html


def test_another_provider_brings_its_server_and_its_word_for_the_password(signed_in: Client) -> None:
    html = signed_in.get("/settings/mail/provider/", {"preset": "icloud"}, headers=HTMX).content.decode()

    assert "<html" not in html
    assert "smtp.mail.me.com · 587 · STARTTLS" in html
    assert "App password" in html
    assert 'id="id_password"' not in html


def test_outlook_says_at_once_that_passwords_no_longer_work(signed_in: Client) -> None:
    html = signed_in.get("/settings/mail/provider/", {"preset": "outlook"}, headers=HTMX).content.decode()

    assert "no longer accepts passwords" in html


def test_a_red_test_says_why_and_what_worked(signed_in: Client, park: Park) -> None:
    port = park.start(auth=servers.refuses("534 5.7.9 Application-specific password required"))

    response = signed_in.post(TEST, typed(port, preset="gmail"), headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert "Gmail wants an app password" in html
    assert 'href="https://myaccount.google.com/apppasswords"' in html
    assert "Server found" in html
    assert "Encrypted connection" in html
    assert "Password refused" in html
    assert " disabled>Save</button>" in html
    assert "geheim" not in html


def test_a_green_test_switches_save_on(signed_in: Client, park: Park) -> None:
    response = signed_in.post(TEST, typed(park.start()), headers=HTMX)

    html = response.content.decode()
    assert '<b class="probe-word">OK</b>' in html
    assert "Sender accepted" in html
    assert ">Save</button>" in html
    assert " disabled>Save</button>" not in html
    assert "Changed, not saved yet" in html
    assert not MailAccount.objects.exists()


def test_typing_after_a_green_test_switches_save_off_again(signed_in: Client) -> None:
    html = signed_in.get("/settings/mail/untested/", headers=HTMX).content.decode()

    assert " disabled>Save</button>" in html
    assert '<div id="mail-answer" role="status"></div>' in html


def test_saving_stores_the_password_encrypted_and_shows_it_never_again(signed_in: Client, park: Park) -> None:
    response = signed_in.post(PAGE, typed(park.start()), headers=HTMX)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mailing_mailaccount")
        raw = repr(cursor.fetchall())
    html = signed_in.get(PAGE).content.decode()
    assert response.headers["HX-Redirect"] == PAGE
    assert "geheim" not in raw
    assert MailAccount.objects.get().secret == "geheim"
    assert "geheim" not in html
    assert "Connected" in html
    assert 'placeholder="Unchanged"' in html


def test_saving_what_does_not_work_stores_nothing(signed_in: Client, park: Park) -> None:
    response = signed_in.post(PAGE, typed(park.start(), password="wrong"), headers=HTMX)

    assert "User name or password is wrong" in response.content.decode()
    assert not MailAccount.objects.exists()


def test_without_javascript_the_whole_page_answers(signed_in: Client, park: Park) -> None:
    port = park.start()

    tested = signed_in.post(TEST, typed(port)).content.decode()
    saved = signed_in.post(PAGE, typed(port))

    assert "<html" in tested
    assert "probe-ok" in tested
    assert f'value="{port}"' in tested
    assert "geheim" not in tested
    assert saved.status_code == 302
    assert saved.headers["Location"] == PAGE


def test_a_changed_host_needs_the_password_again(signed_in: Client, park: Park) -> None:
    box = Mailbox()
    port = park.start(box)
    signed_in.post(PAGE, typed(port))
    box.signed_in = 0

    response = signed_in.post(TEST, typed(port, host="127.0.0.1", password=""), headers=HTMX)

    assert "The password is missing" in response.content.decode()
    assert box.signed_in == 0
    assert MailAccount.objects.get().secret == "geheim"


def test_the_wrong_kind_of_encryption_is_mended_with_one_click(signed_in: Client, park: Park) -> None:
    port = park.start()

    red = signed_in.post(TEST, typed(port, security="tls"), headers=HTMX).content.decode()
    green = signed_in.post(TEST, typed(port, security="tls", use="starttls"), headers=HTMX).content.decode()

    assert 'name="use" value="starttls"' in red
    assert "probe-ok" in green
    assert '<option value="starttls" selected>' in green


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("address", "nobody", "valid email address"),
        ("host", "", "Enter the name of the server"),
        ("port", "70000", "less than or equal to 65535"),
        ("certificate", "hello", "This is not a certificate"),
        ("preset", "unknown", "Select a valid choice"),
    ],
)
def test_a_wrong_field_is_told_at_the_field(signed_in: Client, field: str, value: str, sentence: str) -> None:
    response = signed_in.post(TEST, typed(465, **{field: value}), headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#mail-form"
    assert sentence in html
    assert "hx-swap-oob" not in html
    assert "geheim" not in html


def test_what_is_left_empty_follows_the_provider(signed_in: Client, settings: Any) -> None:
    settings.ALLOW_PRIVATE_MAIL = False

    response = signed_in.post(TEST, typed("", preset="proton", host="", security=""), headers=HTMX)

    assert "Proton Bridge does not answer" in response.content.decode()


def test_a_trial_message_is_really_sent(signed_in: Client, park: Park) -> None:
    box = Mailbox()

    html = signed_in.post(TRIAL, typed(park.start(box)), headers=HTMX).content.decode()

    assert "the message should be there" in html
    assert box.taken[0].rcpt_tos == ["me@localhost.ch"]


def test_a_paused_mailbox_says_so(signed_in: Client, park: Park) -> None:
    signed_in.post(PAGE, typed(park.start()))
    MailAccount.objects.update(pause_key="auth.bad_credentials")

    html = signed_in.get(PAGE).content.decode()

    assert "Paused" in html
    assert "No message leaves: User name or password is wrong" in html


@pytest.mark.parametrize("path", [PAGE, TEST, TRIAL, "/settings/mail/provider/", "/settings/mail/untested/"])
@pytest.mark.parametrize("role", ["is_therapist", "is_secretary"])
def test_the_settings_are_the_owner_s_alone(world: factories.World, path: str, role: str) -> None:
    client = Client()
    client.force_login(factories.user(**{role: True}), backend="django.contrib.auth.backends.ModelBackend")

    answers = {client.get(path).status_code, client.post(path, typed(587)).status_code}

    assert answers <= {403, 405}
    assert 403 in answers


def test_a_stranger_is_sent_to_the_sign_in(world: factories.World) -> None:
    response = Client().get(reverse("mailing:mail-settings"))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("practice:sign-in"))


def test_another_word_in_the_request_does_not_choose_the_part(signed_in: Client) -> None:
    html = signed_in.get(PAGE, headers=HTMX).content.decode()

    assert html.lstrip().startswith("<form")
