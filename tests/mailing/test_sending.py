"""Sending what is due, against real servers that refuse, put off, break down and lie."""

# ruff: noqa: ARG002, N802  aiosmtpd calls these by name
import email
from collections.abc import Callable
from datetime import timedelta
from email.policy import default

from mailing.models import MailAccount, Message
from mailing.services import sending
from optamed.core import dates
from tests.mailing import servers
from tests.mailing.servers import Mailbox, Park, refuses

State = Message.State
Save = Callable[..., MailAccount]
Write = Callable[..., Message]


def later(**wait: float) -> int:
    """Send as if so much time had gone by."""
    return sending.send_due(now=dates.now() + timedelta(**wait))


def test_a_due_message_arrives_as_it_was_written(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    message = write(subject="Facture F-00001", attachments=[("F.pdf", b"%PDF", "application/pdf")])

    sent = sending.send_due()

    message.refresh_from_db()
    [envelope] = box.taken
    read = email.message_from_bytes(envelope.content, policy=default)
    assert sent == 1
    assert (message.state, message.phase, message.last_key) == (State.SENT, "", "")
    assert message.sent_at is not None
    assert (envelope.mail_from, envelope.rcpt_tos) == ("me@localhost", ["patient@example.ch"])
    assert read["From"] == "Cabinet Trois-Lacs <me@localhost>"
    assert read["Message-ID"] == message.message_id
    assert read.get_body(("plain",)).get_content().strip() == "Grüezi"
    assert bytes(message.mime) in envelope.original_content


def test_a_batch_goes_over_one_connection(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    for number in range(5):
        write(f"p{number}")

    sent = sending.send_due()

    assert sent == len(box.taken) == 5
    assert box.signed_in == 1


def test_a_refused_recipient_does_not_hold_up_the_others(park: Park, mailbox: Save, write: Write) -> None:
    class OneUnknown(Mailbox):
        async def handle_RCPT(self, server, session, envelope, address, options):
            self.rcpt = "550 5.1.1 User unknown" if address.startswith("b@") else ""
            return await super().handle_RCPT(server, session, envelope, address, options)

    box = OneUnknown()
    mailbox(park.start(box))
    good, bad, other = write("a"), write("b"), write("c")

    sent = sending.send_due()

    for message in (good, bad, other):
        message.refresh_from_db()
    assert sent == 2
    assert (good.state, bad.state, other.state) == (State.SENT, State.FAILED, State.SENT)
    assert bad.last_key == "rcpt.unknown"
    assert box.signed_in == 1


def test_a_greylisted_message_is_tried_again_and_arrives(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox(rcpt="451 4.7.1 Greylisted, please try again in 300 seconds")
    mailbox(park.start(box))
    message = write()

    first = sending.send_due()
    message.refresh_from_db()
    put_off = (message.state, message.tries, message.last_key)
    too_early = sending.send_due()
    box.rcpt = ""
    second = later(seconds=61)

    message.refresh_from_db()
    assert (first, too_early, second) == (0, 0, 1)
    assert put_off == (State.RETRY, 1, "temp.greylist")
    assert message.state == State.SENT
    assert len(box.taken) == 1


def test_after_a_day_of_tries_it_is_given_up(park: Park, mailbox: Save, write: Write) -> None:
    mailbox(park.start(Mailbox(rcpt="451 4.7.1 Greylisted")))
    message = write()
    Message.objects.update(tries=10, state=State.RETRY)

    sending.send_due()

    message.refresh_from_db()
    assert (message.state, message.tries, message.last_key) == (State.FAILED, 11, "temp.greylist")


def test_a_refused_body_fails_at_once(park: Park, mailbox: Save, write: Write) -> None:
    mailbox(park.start(Mailbox(data="554 5.7.1 looks like spam")))
    message = write()

    sending.send_due()

    message.refresh_from_db()
    assert (message.state, message.last_key, message.last_text) == (
        State.FAILED,
        "message.rejected",
        "5.7.1 looks like spam",
    )


def test_a_line_that_breaks_after_the_body_leaves_it_uncertain_and_it_is_never_sent_again(
    park: Park, mailbox: Save, write: Write
) -> None:
    box = Mailbox()
    box.drop_after_body = True
    mailbox(park.start(box))
    message = write()

    sending.send_due()
    box.drop_after_body = False
    later(days=2)

    message.refresh_from_db()
    assert (message.state, message.last_key) == (State.UNCERTAIN, "dropped.body")
    assert len(box.taken) == 1
    assert list(Message.objects.uncertain()) == [message]


def test_a_wrong_password_pauses_the_mailbox_and_costs_no_tries(park: Park, mailbox: Save, write: Write) -> None:
    account = mailbox(park.start(auth=refuses("535 5.7.8 no")))
    first, second = write("a"), write("b")

    sending.send_due()
    later(days=1)

    account.refresh_from_db()
    assert (account.pause_key, account.paused_until) == ("auth.bad_credentials", None)
    for message in (first, second):
        message.refresh_from_db()
        assert (message.state, message.tries, message.last_key) == (State.QUEUED, 0, "auth.bad_credentials")
    assert set(Message.objects.stuck()) == {first, second}


def test_a_busy_provider_gets_a_quarter_of_an_hour(park: Park, mailbox: Save, write: Write) -> None:
    account = mailbox(park.raw(servers.is_busy))
    message = write()

    sending.send_due()

    account.refresh_from_db()
    message.refresh_from_db()
    assert account.pause_key == "rate.try_later"
    assert timedelta(minutes=14) < account.paused_until - dates.now() < timedelta(minutes=16)
    assert (message.state, message.tries) == (State.QUEUED, 0)


def test_the_limit_of_the_day_lets_the_rest_leave_tomorrow(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox(mail="550 5.4.5 Daily user sending limit exceeded.")
    account = mailbox(park.start(box))
    message = write()

    sending.send_due()
    account.refresh_from_db()
    until = account.paused_until
    box.mail = ""
    sending.send_due(now=until + timedelta(minutes=1))

    message.refresh_from_db()
    assert until == dates.day_bounds(dates.today())[1]
    assert message.state == State.SENT


def test_the_provider_s_limit_is_not_used_up(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box), preset="outlook")  # 300 a day
    messages = [write(f"p{number}") for number in range(3)]
    Message.objects.filter(pk=messages[0].pk).update(state=State.SENT, sent_at=dates.now())
    Message.objects.bulk_create(_sent_copies(messages[0], 238))

    sending.send_due()

    assert len(box.taken) == 1


def _sent_copies(message: Message, count: int) -> list[Message]:
    names = ("mime", "sha256", "recipient", "subject", "next_at")
    values = {name: getattr(message, name) for name in names}
    return [
        Message(**values, state=State.SENT, sent_at=dates.now(), dedup_key=f"copy:{n}", message_id=f"<{n}@x>")
        for n in range(count)
    ]


def test_a_server_that_dies_in_a_batch_loses_and_doubles_nothing(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    port = park.start(box)
    mailbox(port)
    for number in range(20):
        write(f"p{number:02}")

    sent_before = sending.send_due(limit=7)
    park.stop()
    sent_while_down = sending.send_due()
    park.start(box, port=port)
    sent_after = later(minutes=2)

    assert (sent_before, sent_while_down, sent_after) == (7, 0, 13)
    recipients = [envelope.rcpt_tos[0] for envelope in box.taken]
    assert sorted(recipients) == [f"p{number:02}@example.ch" for number in range(20)]


def test_an_idle_connection_that_the_server_closed_is_opened_again(park: Park, mailbox: Save, write: Write) -> None:
    class HangsUpAfterEach(Mailbox):
        async def handle_RSET(self, server, session, envelope):
            server.transport.abort()
            return "250 OK"

    box = HangsUpAfterEach()
    mailbox(park.start(box))
    for number in range(3):
        write(f"p{number}")

    sent = sending.send_due()

    assert sent == len(box.taken) == 3
    assert box.signed_in == 3


def test_without_a_mailbox_messages_wait_and_say_why(write: Write) -> None:
    message = write()

    sent = sending.send_due()

    message.refresh_from_db()
    assert sent == 0
    assert (message.state, message.last_key) == (State.QUEUED, "account.missing")


def test_the_first_mailbox_sends_what_has_waited_from_its_own_address(park: Park, mailbox: Save, write: Write) -> None:
    write()
    sending.send_due()
    box = Mailbox()
    mailbox(park.start(box))

    sent = sending.send_due()

    assert sent == 1
    assert box.taken[0].mail_from == "me@localhost"


def test_a_sender_that_died_before_the_body_lets_it_wait_again(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    write()
    Message.objects.update(
        state=State.SENDING, phase="envelope", lease="x", lease_until=dates.now() - timedelta(seconds=1)
    )

    sent = sending.send_due()

    assert sent == len(box.taken) == 1


def test_a_sender_that_died_after_the_body_leaves_it_uncertain(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    message = write()
    Message.objects.update(state=State.SENDING, phase="data", lease="x", lease_until=dates.now() - timedelta(seconds=1))

    sent = sending.send_due()

    message.refresh_from_db()
    assert sent == len(box.taken) == 0
    assert message.state == State.UNCERTAIN


def test_a_lease_that_still_runs_is_respected(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    message = write()
    Message.objects.update(
        state=State.SENDING, phase="envelope", lease="x", lease_until=dates.now() + timedelta(minutes=1)
    )

    sending.send_due()

    message.refresh_from_db()
    assert message.state == State.SENDING
    assert box.taken == []


def test_who_lost_the_lease_does_not_send_the_body(park: Park, mailbox: Save, write: Write) -> None:
    class Slow(Mailbox):
        async def handle_RCPT(self, server, session, envelope, address, options):
            stolen.append(address)
            return await super().handle_RCPT(server, session, envelope, address, options)

    stolen: list[str] = []
    box = Slow()
    mailbox(park.start(box))
    message = write()
    claimed = sending._claim(message.pk, dates.now())
    Message.objects.update(lease="somebody else")

    with sending.Courier(
        MailAccount.objects.get().server, MailAccount.objects.get().login, reach=sending.smtp_reach.ANYWHERE
    ) as courier:
        sending._send(courier, MailAccount.objects.get(), claimed)

    message.refresh_from_db()
    assert stolen
    assert box.taken == []
    assert (message.state, message.lease) == (State.SENDING, "somebody else")


def test_a_damaged_message_is_not_sent(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    message = write()
    Message.objects.update(mime=b"To: someone@else.ch\r\n\r\nhello")

    sending.send_due()

    message.refresh_from_db()
    assert (message.state, message.last_key) == (State.FAILED, "message.damaged")
    assert box.taken == []


def test_a_line_with_a_single_dot_arrives(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    write(text="one\n.\n..two\nend")

    sending.send_due()

    read = email.message_from_bytes(box.taken[0].content, policy=default)
    assert read.get_content().split() == ["one", ".", "..two", "end"]


def test_a_message_larger_than_the_server_takes_is_not_begun(park: Park, mailbox: Save, write: Write) -> None:
    box = Mailbox()
    mailbox(park.start(box, data_size_limit=20_000))
    message = write(attachments=[("big.pdf", b"x" * 40_000, "application/pdf")])

    sending.send_due()

    message.refresh_from_db()
    assert (message.state, message.last_key) == (State.FAILED, "message.too_big")


def test_two_senders_at_once_deliver_each_message_once(
    database_file: None, park: Park, mailbox: Save, write: Write
) -> None:
    box = Mailbox()
    mailbox(park.start(box))
    for number in range(20):
        write(f"p{number}")

    threads = [servers.Sender() for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    recipients = [envelope.rcpt_tos[0] for envelope in box.taken]
    assert len(recipients) == len(set(recipients)) == 20
    assert sum(thread.sent for thread in threads) == 20
