"""One program per data folder: the operating system's lock is the truth, run.json only tells where the holder answers.

The lock falls with the process, however it dies, so there is no stale one.
"""

import errno
import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from optamed.launcher.refusal import Refusal

LOCK_FILE = "optamed.lock"
RUN_FILE = "run.json"
# Fixed, so that bookmarks and cookies keep their origin; after these, any free one.
PORTS = (8765, 8766, 8767)
PATIENCE = 120.0  # seconds that a start waits for another one that is still updating its data


@dataclass(frozen=True)
class Running:
    """A program of ours, as run.json describes it."""

    port: int
    nonce: str
    pid: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def answers(self) -> bool:
        """Whether it is this very program that answers there, and not another one on its port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health", headers={"Host": f"localhost:{self.port}"})
            return self.nonce.encode() in connection.getresponse().read(10_000)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def read(folder: Path) -> Running | None:
    """What run.json says, if it is there and whole."""
    try:
        return Running(**json.loads((folder / RUN_FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(folder: Path, running: Running) -> None:
    """For this user of the computer only; whole or not at all."""
    fresh = folder / f"{RUN_FILE}.part"
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(asdict(running), out)
    fresh.replace(folder / RUN_FILE)


@contextmanager
def claim(folder: Path, *, patience: float = PATIENCE) -> Iterator[Running | None]:
    """Hold the folder (None is given), or find the program that holds it already and answers.

    Raises Refusal when the holder does not answer within ``patience`` seconds.
    """
    # No soft lock where the file system has none of its own: such a lock would outlive a kill.
    lock = FileLock(folder / LOCK_FILE, timeout=0, mode=0o600, fallback_to_soft=False, preserve_lock_file=True)
    other = _hold_or_find(lock, folder, patience)
    if other:
        yield other
        return
    (folder / RUN_FILE).unlink(missing_ok=True)
    try:
        yield None
    finally:
        (folder / RUN_FILE).unlink(missing_ok=True)
        lock.release()


def _hold_or_find(lock: FileLock, folder: Path, patience: float) -> Running | None:
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        with suppress(Timeout):
            lock.acquire()
            return None
        other = read(folder)
        if other and other.answers():
            return other
        time.sleep(0.1)
    message = "OptaMed is running already, but does not answer. Please restart the computer, then start OptaMed again."
    raise Refusal(message)


def listen(wanted: int | None) -> socket.socket:
    """A socket on 127.0.0.1: on the wanted port, else the first free one of the fixed few, else any."""
    for port in dict.fromkeys([*([wanted] if wanted else []), *PORTS]):
        taken = _bound(port)
        if taken:
            return taken
    anywhere = _bound(0)
    if anywhere is None:
        message = "No program may listen on this computer (127.0.0.1). A firewall may forbid it."
        raise Refusal(message)
    return anywhere


def _bound(port: int) -> socket.socket | None:
    if port and _somebody_listens(port):
        return None
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # there it only skips the wait after a restart; on Windows it would let two programs share
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError as fault:
        bound.close()
        if fault.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
            raise
        return None
    return bound


def _somebody_listens(port: int) -> bool:
    """Also on ::1, which a browser may try first for "localhost"."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(0.5)
                if probe.connect_ex((address, port)) == 0:
                    return True
        except OSError:  # a computer without IPv6
            continue
    return False
