"""One connection to a mail server: bytes out, whole replies in, under one absolute deadline and with a cap on length.

The standard library's client waits per read and reads replies without limit: a server that sends a byte now and then
holds it for minutes, one that never ends its greeting fills the memory. Every read here gets what is left of the time.
"""

import re
import socket
import ssl
import time
from collections.abc import Sequence

from mailing.smtp_answers import Reply
from mailing.smtp_reach import Address

MOST_BYTES, MOST_LINES = 32 * 1024, 100
REPLY_LINE = re.compile(rb"(\d{3})([ -]|$)(.*)", re.DOTALL)


class Garbled(Exception):  # noqa: N818  what came is not a reply
    """The other side does not speak SMTP."""


class TooLong(OSError):  # noqa: N818
    """A reply without end."""


def tls_context(certificate: str = "") -> ssl.SSLContext:
    """Verification against the system's store (SSL_CERT_FILE as usual), or against exactly the given PEM.

    Raises ssl.SSLError when the PEM cannot be read.
    """
    context = ssl.create_default_context(cadata=certificate or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Line:
    """A socket with a deadline. Raises OSError (TimeoutError when the time is up), Garbled, TooLong."""

    def __init__(self, *, seconds: float, patience: float) -> None:
        """`seconds` for everything; `patience` at most for one reply."""
        self._end = time.monotonic() + seconds
        self._patience = patience
        self._socket: socket.socket | None = None
        self._buffer = b""

    def left(self) -> float:
        """Seconds that are left."""
        return self._end - time.monotonic()

    def extend(self, *, seconds: float, patience: float) -> None:
        """A new deadline: each further message on the same connection has its own."""
        self._end = time.monotonic() + seconds
        self._patience = patience

    def connect(self, places: Sequence[Address]) -> None:
        """Open to the first address that answers. Raises the last OSError."""
        last: OSError = OSError("no address")
        for family, place in places:
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.settimeout(self._share(self._patience))
            try:
                connection.connect(place)
            except OSError as error:
                connection.close()
                last = error
            else:
                self._socket = connection
                return
        raise last

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """TLS from here on; what came before it is forgotten. Raises ssl.SSLError."""
        connection = self._open()
        self._buffer = b""
        self._socket = wrapped = context.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
        wrapped.settimeout(self._share(self._patience))
        wrapped.do_handshake()

    def send(self, data: bytes) -> None:
        """All of it, within what is left of the time."""
        connection = self._open()
        connection.settimeout(self._share(self.left()))
        connection.sendall(data)

    def reply(self) -> Reply:
        """The next whole reply, its lines joined by line feeds."""
        until = time.monotonic() + self._share(self._patience)
        texts: list[str] = []
        size = 0
        while True:
            line = self._read_line(until)
            size += len(line)
            if size > MOST_BYTES or len(texts) >= MOST_LINES:
                raise TooLong("reply too long")
            found = REPLY_LINE.match(line)
            if not found:
                raise Garbled
            texts.append(found[3].decode("utf-8", "replace"))
            if found[2] != b"-":
                return Reply(int(found[1]), "\n".join(texts))

    def close(self) -> None:
        """Hang up. Never raises."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionError("not connected")
        return self._socket

    def _share(self, wished: float) -> float:
        left = self.left()
        if left <= 0:
            raise TimeoutError
        return min(wished, left)

    def _read_line(self, until: float) -> bytes:
        connection = self._open()
        while b"\n" not in self._buffer:
            if len(self._buffer) > MOST_BYTES:
                raise TooLong("line too long")
            rest = until - time.monotonic()
            if rest <= 0:
                raise TimeoutError
            connection.settimeout(rest)
            data = connection.recv(4096)
            if not data:
                raise ConnectionError("closed by the other side")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")
