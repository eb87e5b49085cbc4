"""The journal file: append-only, chained by hash, one transaction per batch. Values in, a file out."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

START = "0" * 64
# Triggers keep an honest program honest; the chain of hashes tells of a dishonest one.
SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    nr INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS entry_no_update BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_no_delete BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_in_order BEFORE INSERT ON entry
    WHEN NEW.nr IS NOT (SELECT coalesce(max(nr), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END;
"""


@dataclass(frozen=True)
class Entry:
    """One line of the journal. The key is made with the pending row: handed in twice, it is chained once."""

    key: str
    at: str
    user_id: int | None
    verb: str
    subject: str
    subject_id: int | None

    def body(self) -> str:
        return json.dumps(astuple(self), separators=(",", ":"))


def append(file: Path, entries: Iterable[Entry]) -> int:
    """Chain the entries that are new; the number of them."""
    with closing(_open(file)) as journal:
        journal.executescript(SCHEMA)
        journal.execute("BEGIN IMMEDIATE")  # one drainer at a time
        number, head = first, _ = _head(journal)
        for entry in entries:
            if journal.execute("SELECT 1 FROM entry WHERE key = ?", [entry.key]).fetchone():
                continue
            number, head = number + 1, _link(head, entry.body())
            journal.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", [number, entry.key, entry.body(), head])
        journal.execute("COMMIT")
    return number - first


def verify(file: Path) -> int:
    """The number of entries; ValueError names the first that does not fit the chain."""
    if not file.exists():
        return 0
    with closing(_open(file)) as journal:
        journal.executescript(SCHEMA)
        number, head = 0, START
        for stored_number, body, stored in journal.execute("SELECT nr, body, hash FROM entry ORDER BY nr"):
            number, head = number + 1, _link(head, body)
            if (stored_number, stored) != (number, head):
                raise ValueError(f"Entry {stored_number} of the journal does not fit the chain.")
    return number


def _open(file: Path) -> sqlite3.Connection:
    journal = sqlite3.connect(file, timeout=20, isolation_level=None)
    journal.execute("PRAGMA journal_mode=TRUNCATE")
    journal.execute("PRAGMA synchronous=FULL")
    journal.execute("PRAGMA recursive_triggers=ON")  # else INSERT OR REPLACE deletes without asking the trigger
    return journal


def _link(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _head(journal: sqlite3.Connection) -> tuple[int, str]:
    return journal.execute("SELECT nr, hash FROM entry ORDER BY nr DESC LIMIT 1").fetchone() or (0, START)
