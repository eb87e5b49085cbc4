"""The outbox, as a browser meets it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from mailing.models import MailAccount, Message
from optamed.core import dates
from tests import factories

State = Message.State
Write = Callable[..., Message]
HTMX = {"HX-Request": "true"}


def test_the_empty_outbox_says_what_will_be_here(signed_in: Client) -> None:
    html = signed_in.get("/messages/").content.decode()

    assert "No messages yet" in html
    assert "No mailbox is set up yet" in html


def test_each_state_has_its_word_and_its_filter(signed_in: Client, write: Write) -> None:
    for state in State:
        message = write(name=f"{state}")
        Message.objects.filter(pk=message.pk).update(state=state, next_at=dates.now())

    html = signed_in.get("/messages/").content.decode()
    failed = signed_in.get("/messages/", {"state": "failed"}, headers=HTMX).content.decode()
    troubled = signed_in.get("/messages/", {"state": "troubled"}, headers=HTMX).content.decode()

    for state in State:
        assert f">{state.label}</span>" in html or f"</svg>{state.label}</span>" in html
    assert "For failed" in failed
    assert "For sent" not in failed
    assert "For failed" in troubled
    assert "For uncertain" in troubled
    assert "For sent" not in troubled


def test_a_message_in_its_grace_counts_down(signed_in: Client, write: Write) -> None:
    write(leaves_at=dates.now() + timedelta(minutes=3))

    html = signed_in.get("/messages/").content.decode()

    assert "data-countdown" in html
    assert "Withdraw" in html


def test_the_search_finds_name_address_and_subject(signed_in: Client, write: Write, world: factories.World) -> None:
    write("anna", patient=world.patient(last_name="Bérger", first_name="Anna"))
    write("bea")

    for words, hits in [("berger anna", 1), ("bea@", 1), ("for", 2), ("nobody", 0)]:
        response = signed_in.get("/messages/", {"q": words}, headers=HTMX)

        assert response.content.decode().count("data-item") == hits
        assert response.headers["HX-Push-Url"] == "false"


def test_a_failed_message_says_why_and_what_to_do(signed_in: Client, write: Write) -> None:
    message = write()
    Message.objects.update(state=State.FAILED, last_key="rcpt.unknown", last_text="5.1.1 <b>User unknown</b>")

    html = signed_in.get(f"/messages/{message.pk}/").content.decode()

    assert "This address does not exist" in html
    assert "Send again" in html
    assert "&lt;b&gt;User unknown" in html


def test_an_uncertain_message_asks_what_became_of_it(signed_in: Client, write: Write) -> None:
    message = write()
    Message.objects.update(state=State.UNCERTAIN, last_key="dropped.body")

    html = signed_in.get(f"/messages/{message.pk}/").content.decode()
    signed_in.post(f"/messages/{message.pk}/mark-sent/")

    message.refresh_from_db()
    assert "Mark as sent" in html
    assert "Send again" in html
    assert message.state == State.SENT


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("withdraw", State.QUEUED, State.CANCELLED),
        ("send-again", State.FAILED, State.QUEUED),
        ("mark-sent", State.UNCERTAIN, State.SENT),
    ],
)
def test_each_button_works_once_and_says_so_the_second_time(
    signed_in: Client, write: Write, verb: str, before: str, after: str
) -> None:
    message = write()
    Message.objects.update(state=before)
    url = f"/messages/{message.pk}/{verb}/"

    first, second = signed_in.post(url, headers=HTMX), signed_in.post(url, headers=HTMX)

    message.refresh_from_db()
    assert (first.status_code, second.status_code) == (204, 409)
    assert "messages:changed" in first.headers["HX-Trigger"]
    assert "toast" in second.headers["HX-Trigger"]
    assert message.state == after


def test_the_buttons_are_not_for_links(signed_in: Client, write: Write) -> None:
    message = write()

    codes = {
        signed_in.get(f"/messages/{message.pk}/{verb}/").status_code for verb in ("withdraw", "send-again", "mark-sent")
    }

    assert codes == {405}


def test_the_secretary_sees_the_outbox_but_not_every_text(desk: Client, write: Write) -> None:
    other = write("a", text="How is your knee?")
    invoice = write("b", text="Please find attached", kind="invoice")

    assert desk.get("/messages/").status_code == 200
    assert "knee" not in desk.get(f"/messages/{other.pk}/").content.decode()
    assert "Please find attached" in desk.get(f"/messages/{invoice.pk}/").content.decode()


def test_the_therapist_reads_what_was_written(signed_in: Client, write: Write) -> None:
    message = write(text="How is your knee?", attachments=[("Rapport.pdf", b"%PDF", "application/pdf")])

    html = signed_in.get(f"/messages/{message.pk}/").content.decode()

    assert "How is your knee?" in html
    assert "Rapport.pdf" in html


def test_a_message_that_does_not_exist_is_404(signed_in: Client) -> None:
    assert signed_in.get("/messages/999999/").status_code == 404
    assert signed_in.post("/messages/999999/withdraw/").status_code == 404


def test_a_stranger_is_sent_to_the_sign_in(stranger: Client) -> None:
    assert stranger.get("/messages/").status_code == 302


def test_the_list_asks_the_same_few_questions_for_three_rows_as_for_one(
    signed_in: Client, write: Write, world: factories.World, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for name in ("a", "b", "c"):
        write(name, patient=world.patient(last_name=f"Name {name}"))
        with django_assert_max_num_queries(12):
            signed_in.get("/messages/")


def test_the_tab_of_the_patient_shows_only_the_patient_s_messages(
    signed_in: Client, write: Write, world: factories.World
) -> None:
    patient = world.patient()
    write("mine", patient=patient)
    write("other")

    html = signed_in.get(f"/patients/{patient.pk}/messages/").content.decode()

    assert "For mine" in html
    assert "For other" not in html


def test_pages_that_offer_to_send_say_why_nothing_would_leave(
    world: factories.World, signed_in: Client, desk: Client, mailbox: Callable[[int], MailAccount]
) -> None:
    missing, for_the_desk = (browser.get("/messages/mailbox/").content.decode() for browser in (signed_in, desk))
    draft = signed_in.get(world.draft().get_absolute_url()).content.decode()
    mailbox(2525)

    there = signed_in.get("/messages/mailbox/").content

    assert "No mailbox is set up yet" in missing
    assert "/settings/mail/" in missing
    assert "/settings/mail/" not in for_the_desk
    assert 'hx-get="/messages/mailbox/"' in draft
    assert there == b""
