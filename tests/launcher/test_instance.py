"""One server per data folder, whatever is tried, and a port that is really ours."""

import json
import socket
import stat
from pathlib import Path

import pytest

from optamed.launcher import instance
from tests.launcher.programs import Start, free_port


def test_first_start_is_ready_private_and_stops_cleanly(start: Start, tmp_path: Path) -> None:
    program = start(tmp_path / "data")

    status, answer = program.get("/health")

    run_file = program.folder / "run.json"
    running = json.loads(run_file.read_text())
    assert status == 200
    assert running["nonce"] in answer
    assert (running["port"], running["pid"]) == (program.port, program.process.pid)
    assert stat.S_IMODE(run_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(program.folder.stat().st_mode) == 0o700
    assert f"Set up your practice at http://localhost:{program.port}/first-run/" in program.said
    assert program.stop() == 0
    assert not run_file.exists()


def test_second_start_shows_the_first(start: Start, folder: Path) -> None:
    first = start(folder)
    port = first.port

    second = start(folder)

    assert second.ended() == 0
    assert second.port == port
    token = (folder / "first-run.token").read_text()
    assert f"http://localhost:{port}/first-run/{token}/" in second.said
    assert first.process.poll() is None


def test_five_starts_at_once_make_one_server(start: Start, folder: Path) -> None:
    programs = [start(folder) for _ in range(5)]

    ports = {program.port for program in programs}

    server = json.loads((folder / "run.json").read_text())["pid"]
    others = [program for program in programs if program.process.pid != server]
    assert len(ports) == 1
    assert len(others) == 4
    assert [program.ended() for program in others] == [0, 0, 0, 0]


def test_start_after_a_kill_finds_no_stale_lock(start: Start, folder: Path) -> None:
    first = start(folder)
    assert first.port
    first.kill()
    assert (folder / "run.json").exists()

    second = start(folder)

    assert second.get("/health")[0] == 200
    assert json.loads((folder / "run.json").read_text())["pid"] == second.process.pid


def test_port_of_a_foreign_program_is_left_alone(start: Start, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        taken = foreign.getsockname()[1]

        program = start(folder, "--port", str(taken))

        assert program.port != taken
        assert program.get("/health")[0] == 200


def test_a_foreign_program_on_our_port_is_not_taken_for_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        running = instance.Running(port=foreign.getsockname()[1], nonce="ours", pid=1)
        foreign.close()

        assert not running.answers()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"port": 1}'])
def test_half_a_run_file_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)

    assert instance.read(tmp_path) is None


def test_a_listener_on_the_other_localhost_counts_as_taken() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    port = free_port()
    with socket.create_server(("::1", port), family=socket.AF_INET6), instance.listen(port) as bound:
        assert bound.getsockname()[1] != port


def test_a_folder_that_cannot_be_made_is_said(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    program = start(tmp_path / "file")

    assert program.ended() == 1
    assert "cannot be written" in program.said
