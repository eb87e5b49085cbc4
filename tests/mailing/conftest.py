"""A park of mail servers that ends with each test."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from mailing.models import MailAccount, Message
from mailing.services import outbox
from optamed.core import dates
from tests.mailing.servers import CA_PEM, Park


@pytest.fixture
def park() -> Iterator[Park]:
    made = Park()
    yield made
    made.stop()


@pytest.fixture
def database_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Threads that write want a real file: the tests' database in memory answers "table is locked" at once."""
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or "memory" not in str(name):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / "tests.sqlite3")])
    in_memory, connection.connection = connection.connection, None
    connection.settings_dict["NAME"] = str(tmp_path / "tests.sqlite3")
    connection.connect()
    yield
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory


@pytest.fixture
def private_mail(settings: Settings) -> None:
    """The test's own servers stand on loopback."""
    settings.ALLOW_PRIVATE_MAIL = True


@pytest.fixture
def mailbox(db: None, private_mail: None) -> Callable[[int], MailAccount]:
    """A mailbox that was saved for a server of the park."""

    def save(port: int, **over: object) -> MailAccount:
        values = {
            "preset": "other",
            "address": "me@localhost",
            "display_name": "Cabinet Trois-Lacs",
            "host": "localhost",
            "port": port,
            "security": "starttls",
            "username": "me@localhost",
            "secret": "geheim",
            "certificate": CA_PEM,
        }
        return MailAccount.objects.create(**values | over)

    return save


@pytest.fixture
def write(db: None) -> Callable[..., Message]:
    """A message in the outbox, due at once."""

    def enqueue(name: str = "patient", **over: object) -> Message:
        values = {
            "kind": "other",
            "dedup_key": f"test:{name}",
            "recipient": f"{name}@example.ch",
            "subject": f"For {name}",
            "text": "Grüezi",
            "leaves_at": dates.now() - timedelta(seconds=1),
            "by": None,
        }
        return outbox.enqueue(**values | over)

    return enqueue
