"""Writing messages and taking them back."""

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from mailing.models import MailAccount, Message
from mailing.services import outbox, sending
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from optamed.practice.models import User
from tests.mailing.servers import Mailbox, Park

State = Message.State
Write = Callable[..., Message]


def test_a_message_is_frozen_with_its_fingerprint(write: Write) -> None:
    message = write(attachments=[("Facture Zoë.pdf", b"%PDF", "application/pdf")])

    stored = Message.objects.get()
    frozen = bytes(stored.mime)
    assert stored.pk == message.pk
    assert stored.sha256 == hashlib.sha256(frozen).hexdigest()
    assert b"Facture_Zoe.pdf" in frozen
    assert stored.message_id.encode() in frozen
    assert (stored.state, stored.tries) == (State.QUEUED, 0)


def test_the_message_id_stands_under_the_mailbox_s_domain(mailbox: Callable[..., MailAccount], write: Write) -> None:
    mailbox(587, address="me@troislacs.example")

    assert write().message_id.endswith("@troislacs.example>")


def test_the_same_key_gives_the_same_message(write: Write) -> None:
    first = write(text="first")
    second = write(text="second")

    assert first.pk == second.pk
    assert Message.objects.count() == 1


def test_a_withdrawn_message_can_be_written_anew(write: Write, owner: User) -> None:
    first = write(text="first")
    outbox.withdraw(message=first, by=owner)

    second = write(text="second")

    assert second.pk == first.pk
    assert second.state == State.QUEUED
    assert second.sha256 != first.sha256


def test_a_message_leaves_after_the_minutes_of_grace(write: Write, settings: Settings) -> None:
    settings.MAIL_GRACE_SECONDS = 180
    before = dates.now()

    message = write(leaves_at=None)

    assert timedelta(seconds=179) < message.next_at - before < timedelta(seconds=185)
    assert list(Message.objects.leaving(dates.now())) == [message]
    assert not Message.objects.due(dates.now()).exists()
    assert Message.objects.due(dates.now() + timedelta(seconds=190)).exists()


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b.ch\r\nBcc: c@d.ch", "a@b.ch, c@d.ch"])
def test_a_wrong_address_is_refused_with_a_sentence(write: Write, recipient: str) -> None:
    with pytest.raises(DomainError, match="e-mail address"):
        write(recipient=recipient)

    assert not Message.objects.exists()


def test_a_line_break_in_the_subject_is_a_space(write: Write) -> None:
    assert write(subject="Facture\r\nBcc: x@y.ch").subject == "Facture Bcc: x@y.ch"


def test_each_verb_leaves_an_entry_in_the_journal(write: Write, owner: User) -> None:
    message = write(by=owner)
    outbox.withdraw(message=message, by=owner)
    outbox.resend(message=message, by=owner)

    assert list(PendingEntry.objects.values_list("verb", "user_id", "subject_id")) == [
        (verb, owner.pk, message.pk) for verb in ("queued", "withdrawn", "sent again")
    ]


@pytest.mark.parametrize(
    ("verb", "allowed", "becomes"),
    [
        (outbox.withdraw, {State.QUEUED, State.RETRY}, State.CANCELLED),
        (outbox.resend, {State.FAILED, State.UNCERTAIN, State.CANCELLED}, State.QUEUED),
        (outbox.mark_sent, {State.UNCERTAIN}, State.SENT),
    ],
    ids=["withdraw", "resend", "mark_sent"],
)
def test_each_verb_works_from_its_states_only(
    write: Write, owner: User, verb: Callable[..., Message], allowed: set[str], becomes: str
) -> None:
    for state in State:
        message = write(name=f"{state}")
        Message.objects.filter(pk=message.pk).update(state=state)

        if state in allowed:
            assert verb(message=message, by=owner).state == becomes
        else:
            with pytest.raises(DomainError):
                verb(message=message, by=owner)
            message.refresh_from_db()
            assert message.state == state


def test_sent_again_starts_from_the_beginning(write: Write, owner: User) -> None:
    message = write()
    Message.objects.update(state=State.FAILED, tries=9, last_key="rcpt.unknown", last_text="no", phase="data")

    again = outbox.resend(message=message, by=owner)

    assert (again.tries, again.last_key, again.last_text, again.phase) == (0, "", "", "")
    assert again.message_id == message.message_id
    assert Message.objects.due(dates.now()).exists()


def test_withdrawing_and_sending_at_once_has_one_winner(
    database_file: None, park: Park, mailbox: Callable[..., MailAccount], write: Write, owner: User
) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    for round_no in range(8):
        message = write(name=f"p{round_no}")
        outcomes = _race(message, owner)

        message.refresh_from_db()
        assert message.state in (State.SENT, State.CANCELLED)
        assert outcomes == [message.state == State.CANCELLED]
    delivered = {envelope.rcpt_tos[0] for envelope in box.taken}
    assert delivered == set(Message.objects.sent().values_list("recipient", flat=True))
    assert len(box.taken) == len(delivered)


def _race(message: Message, owner: User) -> list[bool]:
    """Withdraw in one thread while the other sends; whether the withdrawal said yes."""
    gate = threading.Barrier(2)
    outcomes: list[bool] = []

    def withdraw() -> None:
        gate.wait()
        try:
            outbox.withdraw(message=message, by=owner)
            outcomes.append(True)
        except DomainError:
            outcomes.append(False)
        finally:
            connection.close()

    thread = threading.Thread(target=withdraw)
    thread.start()
    gate.wait()
    sending.send_due()
    thread.join()
    return outcomes
