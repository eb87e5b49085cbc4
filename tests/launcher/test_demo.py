"""The demo never touches a real practice, and one that was interrupted is made anew."""

from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from optamed.launcher import datafile, demo
from tests.launcher.programs import Start


def test_the_folder_of_a_real_practice_is_refused(start: Start, folder: Path) -> None:
    before = (folder / datafile.DATABASE).read_bytes()

    program = start(folder, "--demo")

    assert program.ended() == 1
    assert "holds a practice that is not the demo" in program.said
    assert (folder / datafile.DATABASE).read_bytes() == before


def test_a_half_made_demo_is_made_anew(tmp_path: Path) -> None:
    demo.prepare(tmp_path)
    for name in (datafile.DATABASE, "journal.sqlite3"):
        (tmp_path / name).write_bytes(b"half")

    demo.prepare(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == [demo.BEGUN]


def test_a_made_demo_is_kept(tmp_path: Path) -> None:
    (tmp_path / demo.MADE).touch()
    (tmp_path / datafile.DATABASE).write_bytes(b"a practice that was played with")

    demo.prepare(tmp_path)
    demo.make(tmp_path)

    assert (tmp_path / datafile.DATABASE).read_bytes() == b"a practice that was played with"


@pytest.mark.django_db
def test_the_sign_in_that_is_printed_opens_the_demo(tmp_path: Path) -> None:
    demo.prepare(tmp_path)

    demo.make(tmp_path, patients=3, weeks=1)

    assert authenticate(username=demo.EMAIL, password=demo.PASSWORD)
    assert [file.name for file in tmp_path.iterdir()] == [demo.MADE]
