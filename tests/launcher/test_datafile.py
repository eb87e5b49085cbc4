"""A database that is missing, empty or damaged is refused with a sentence, and never replaced."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from optamed.launcher import datafile
from optamed.launcher.refusal import Refusal
from tests.launcher.programs import Start, ask

ROWS = 500


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small sound database of some pages."""
    file = tmp_path / datafile.DATABASE
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany("INSERT INTO word (text) VALUES (?)", [("x" * 100,)] * ROWS)
    return file


def overwrite(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as out:
        out.seek(at)
        out.write(content)


def test_a_sound_database_and_an_empty_folder_pass(database: Path, tmp_path: Path) -> None:
    datafile.check(database.parent)
    datafile.check(tmp_path.parent / "nothing-here")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0JFIF" * 1000, b"SQLite format 3\0"])
def test_what_is_not_a_database_is_refused_and_kept(start: Start, tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / datafile.DATABASE
    file.write_bytes(content)

    program = start(folder)

    assert program.ended() == 1
    assert "is damaged" in program.said
    assert file.read_bytes() == content


def test_a_zeroed_page_is_noticed(database: Path) -> None:
    overwrite(database, 4096 * 3, b"\0" * 4096)

    with pytest.raises(Refusal, match="is damaged"):
        datafile.check(database.parent)


def test_a_truncated_database_is_noticed(database: Path) -> None:
    with database.open("r+b") as out:
        out.truncate(4096 * 4)

    with pytest.raises(Refusal, match="is damaged"):
        datafile.check(database.parent)


@pytest.mark.parametrize("trace", ["journal.sqlite3", "documents/a.pdf", "before-migration/1.sqlite3"])
def test_a_missing_database_beside_other_data_is_refused(start: Start, tmp_path: Path, trace: str) -> None:
    left = tmp_path / "data" / trace
    left.parent.mkdir(parents=True)
    left.write_text("something")

    program = start(tmp_path / "data")

    assert program.ended() == 1
    assert "is missing" in program.said
    assert not (tmp_path / "data" / datafile.DATABASE).exists()


def test_an_update_that_is_undone_leaves_the_data_as_it_was(database: Path, tmp_path: Path) -> None:
    datafile.begin_update(tmp_path)
    ask(database, "DELETE FROM word")

    undone = datafile.undo_update(tmp_path)

    assert undone
    assert ask(database, "SELECT count(*) FROM word") == [(ROWS,)]
    assert not datafile.undo_update(tmp_path)


def test_a_first_start_that_is_undone_leaves_no_database(tmp_path: Path) -> None:
    datafile.begin_update(tmp_path)
    (tmp_path / datafile.DATABASE).write_bytes(b"half")

    datafile.undo_update(tmp_path)

    datafile.check(tmp_path)
    assert not (tmp_path / datafile.DATABASE).exists()


@pytest.mark.usefixtures("database")
def test_the_last_five_copies_are_kept(tmp_path: Path) -> None:
    copies = []
    for _ in range(7):
        copies.append(datafile.begin_update(tmp_path))
        datafile.end_update(tmp_path)

    assert sorted((tmp_path / datafile.COPIES).iterdir()) == copies[-5:]
