"""The frozen message."""

import email
from datetime import datetime
from email.policy import default
from zoneinfo import ZoneInfo

import pytest

from mailing import mime
from mailing.mime import Letter

AT = datetime(2026, 11, 24, 10, 7, tzinfo=ZoneInfo("Europe/Zurich"))
PDF = b"%PDF-1.7 \x00\xff binary"


def frozen(**over: object) -> bytes:
    parts = {"recipient": "p@example.ch", "subject": "Reçu: Zoë – 1’234.50", "text": "Grüezi\n.\nFin\n"} | over
    return mime.freeze(Letter(**parts), "<1@example.ch>")


def test_a_letter_comes_back_as_it_was_written() -> None:
    attached = ("Facture_F-00001.pdf", PDF, "application/pdf")

    whole = mime.addressed(
        frozen(html="<p>Grüezi</p>", attachments=(attached,)),
        address="me@example.ch",
        display_name="Cabinet Zoë, Bienne",
        at=AT,
    )

    read = email.message_from_bytes(whole, policy=default)
    assert read["From"] == '"Cabinet Zoë, Bienne" <me@example.ch>'
    assert read["To"] == "p@example.ch"
    assert read["Subject"] == "Reçu: Zoë – 1’234.50"
    assert read["Date"] == "Tue, 24 Nov 2026 10:07:00 +0100"
    assert read["Message-ID"] == "<1@example.ch>"
    assert read.get_content_type() == "multipart/mixed"
    assert read.get_body(("plain",)).get_content().splitlines() == ["Grüezi", ".", "Fin"]
    assert read.get_body(("html",)).get_content().strip() == "<p>Grüezi</p>"
    [part] = read.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (*attached[:1], "application/pdf", PDF)


def test_a_frozen_message_is_seven_bit_with_crlf() -> None:
    whole = mime.addressed(frozen(), address="me@example.ch", display_name="Zoë", at=AT)

    assert whole.isascii()
    assert b"\n" not in whole.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in whole.split(b"\r\n"))


@pytest.mark.parametrize("over", [{"recipient": "a@b.ch\r\nBcc: c@d.ch"}, {"subject": "Hi\r\nBcc: c@d.ch"}])
def test_a_line_break_cannot_add_a_header(over: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        frozen(**over)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Facture_F-00001.pdf", "Facture_F-00001.pdf"),
        ("Überweisung Zoë.pdf", "Uberweisung_Zoe.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ("\u202efdp.exe", "fdp.exe"),
        ("发票", "document"),
    ],
)
def test_names_of_attachments_are_plain(name: str, expected: str) -> None:
    assert mime.ascii_name(name) == expected


def test_a_message_id_stands_under_the_sender_s_domain() -> None:
    assert mime.message_id("me@bücher.ch").endswith("@xn--bcher-kva.ch>")
    assert mime.message_id("").endswith("@localhost>")
    assert mime.message_id("a@b.ch") != mime.message_id("a@b.ch")
