"""The real program as a process, on loopback, each with a data folder of its own."""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds; a busy computer is slow, a broken program never gets ready
READY = re.compile(r"^OptaMed is ready at http://localhost:(\d+)$", re.MULTILINE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """One start of OptaMed."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.folder = folder
        self.log = folder.with_name(f"{folder.name}-{free_port()}.log")
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "optamed.launcher", "--no-browser", "--data-dir", str(folder), *options],
                cwd=folder.parent,
                env=_environment() | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def port(self) -> int:
        """Waits for the ready line."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            found = READY.search(self.said)
            if found:
                return int(found[1])
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(self.said)

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def ended(self) -> int:
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        self.process.terminate()
        return self.ended()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("OPTAMED_", "DJANGO_"))}
    return own | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "optamed.settings"}


Start = Callable[..., Program]


def ask(database: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """One statement on a database that no program has open."""
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(query, values).fetchall()


def forget_migration(folder: Path, app: str, name: str) -> None:
    """As if the data came from a version that did not have this migration yet."""
    gone = "DELETE FROM django_migrations WHERE app = ? AND name = ? RETURNING id"
    assert ask(folder / "optamed.sqlite3", gone, app, name)
