"""An update keeps a copy; one that fails, or is killed, leaves the data as it was."""

import signal
from pathlib import Path

from optamed.launcher import datafile
from tests.launcher.programs import Start, ask, forget_migration

# Has nothing to do on a database that has it already, and no other migration needs it.
HARMLESS = ("admin", "0003_logentry_add_action_flag_choices")
# Makes a table that is there already, so that it fails for real.
FAILING = ("sessions", "0001_initial")
APPLIED = "SELECT count(*) FROM django_migrations"


def test_a_copy_is_made_before_pending_migrations(start: Start, folder: Path) -> None:
    forget_migration(folder, *HARMLESS)
    before = ask(folder / datafile.DATABASE, APPLIED)

    program = start(folder)

    assert program.get("/health")[0] == 200
    assert program.stop() == 0
    copies = list((folder / datafile.COPIES).iterdir())
    assert [ask(copy, APPLIED) for copy in copies] == [before]
    assert ask(folder / datafile.DATABASE, APPLIED) != before


def test_nothing_is_copied_when_nothing_is_pending(start: Start, folder: Path) -> None:
    program = start(folder)

    assert program.port
    assert not (folder / datafile.COPIES).exists()


def test_a_failing_migration_is_said_and_undone(start: Start, folder: Path) -> None:
    forget_migration(folder, *FAILING)
    forget_migration(folder, *HARMLESS)  # runs before it, and is undone too
    before = ask(folder / datafile.DATABASE, APPLIED)

    program = start(folder)

    assert program.ended() == 1
    assert "It is as it was before, and nothing is lost" in program.said
    assert "Traceback" not in program.said
    assert ask(folder / datafile.DATABASE, APPLIED) == before


def test_a_start_after_a_killed_update_puts_the_copy_back(start: Start, folder: Path) -> None:
    forget_migration(folder, *HARMLESS)
    killed = start(folder, OPTAMED_TESTING="1", OPTAMED_FAULT="migrated:kill")
    assert killed.ended() == -signal.SIGKILL

    program = start(folder)

    assert program.get("/health")[0] == 200
    assert "The last update was interrupted" in program.said


def test_a_first_start_that_was_killed_is_begun_again(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    killed = start(folder, OPTAMED_TESTING="1", OPTAMED_FAULT="migrated:kill")
    assert killed.ended() == -signal.SIGKILL

    program = start(folder)

    assert program.get("/health")[0] == 200


def test_faults_are_only_for_tests(start: Start, folder: Path) -> None:
    forget_migration(folder, *HARMLESS)

    program = start(folder, OPTAMED_FAULT="migrated:kill")

    assert program.get("/health")[0] == 200


def test_data_of_a_newer_version_is_refused(start: Start, folder: Path) -> None:
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('practice', '9999_future', '2026-11-24')"
    ask(folder / datafile.DATABASE, newer)

    program = start(folder)

    assert program.ended() == 1
    assert "newer version of OptaMed" in program.said
