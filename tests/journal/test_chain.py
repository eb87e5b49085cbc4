"""The journal only grows, and a broken chain is found."""

import sqlite3
from contextlib import closing

import pytest

from optamed.journal import chain


def entry(number: int) -> chain.Entry:
    return chain.Entry(f"key{number}", "2026-11-24T10:00:00+00:00", 1, "read", "patients.patient", number)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "journal.sqlite3"
    chain.append(path, [entry(number) for number in range(10)])
    return path


def test_an_entry_handed_in_twice_is_chained_once(file):
    again = chain.append(file, [entry(number) for number in range(12)])

    assert again == 2
    assert chain.verify(file) == 12


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = 'x'",
        "DELETE FROM entry WHERE nr = 3",
        "INSERT INTO entry VALUES (99, 'k', 'b', 'h')",
        "INSERT OR REPLACE INTO entry SELECT nr, key, 'x', hash FROM entry WHERE nr = 3",
    ],
)
def test_the_file_refuses_every_change(file, statement):
    with closing(sqlite3.connect(file)) as journal:
        journal.execute("PRAGMA recursive_triggers=ON")

        with pytest.raises(sqlite3.IntegrityError):
            journal.execute(statement)


def test_a_change_behind_its_back_is_found(file):
    with closing(sqlite3.connect(file)) as journal:
        journal.execute("DROP TRIGGER entry_no_update")
        journal.execute("UPDATE entry SET body = replace(body, 'read', 'seen') WHERE nr = 7")
        journal.commit()

    with pytest.raises(ValueError, match="Entry 7"):
        chain.verify(file)


def test_an_entry_taken_out_is_found(file):
    with closing(sqlite3.connect(file)) as journal:
        journal.execute("DROP TRIGGER entry_no_delete")
        journal.execute("DELETE FROM entry WHERE nr = 4")
        journal.commit()

    with pytest.raises(ValueError, match="Entry 5"):
        chain.verify(file)
