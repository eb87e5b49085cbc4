"""The bytes of a message, written once and sent as they are: whatever is tried again is the same message.

From and Date are put in front when it leaves: a message may wait for a mailbox that is not set up yet, or outlive a
change of its address.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

POLICY = SMTP.clone(cte_type="7bit")  # not every server takes eight bits
Attachment = tuple[str, bytes, str]  # name, content, type such as "application/pdf"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient gets to read."""

    recipient: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


def message_id(address: str) -> str:
    """A fresh Message-ID under the sender's domain: the name of the computer is nobody's business."""
    domain = address.rpartition("@")[2] or "localhost"
    return make_msgid(domain=domain.encode("idna").decode("ascii"))


def ascii_name(name: str) -> str:
    """A file name that every mail program shows alike: "Rechnung_F-00001.pdf"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("._") or "document"


def freeze(letter: Letter, identity: str) -> bytes:
    """All but From and Date, as RFC 5322 bytes. Raises ValueError for a line break in recipient or subject."""
    message = EmailMessage(POLICY)
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Message-ID"] = identity
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for name, content, kind in letter.attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=ascii_name(name))
    return message.as_bytes()


def readable(frozen: bytes) -> tuple[str, list[str]]:
    """The plain text of a frozen message and the names of what is attached."""
    message = message_from_bytes(frozen, policy=POLICY)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return text.strip(), [part.get_filename() or "" for part in message.iter_attachments()]


def addressed(frozen: bytes, *, address: str, display_name: str, at: datetime) -> bytes:
    """The frozen message with its sender and date, ready to leave."""
    head = EmailMessage(POLICY)
    local, _, domain = address.rpartition("@")
    head["From"] = Address(display_name=display_name, username=local, domain=domain)
    head["Date"] = format_datetime(at)
    return head.as_bytes().rstrip(b"\r\n") + b"\r\n" + frozen
