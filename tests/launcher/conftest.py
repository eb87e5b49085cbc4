"""A start of the program for each test, and a data folder that was in use."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.launcher.programs import Program, Start, free_port


@pytest.fixture
def start() -> Iterator[Start]:
    programs: list[Program] = []

    def begin(folder: Path, *options: str, **environment: str) -> Program:
        port = () if "--port" in options else ("--port", str(free_port()))
        programs.append(Program(folder, *port, *options, **environment))
        return programs[-1]

    yield begin
    for program in programs:
        with suppress(ProcessLookupError):
            program.kill()


@pytest.fixture(scope="session")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a practice that was started once and stopped."""
    folder = tmp_path_factory.mktemp("used") / "data"
    program = Program(folder, "--port", str(free_port()))
    try:
        assert program.port
        assert program.stop() == 0
    finally:
        program.kill()
    return folder


@pytest.fixture
def folder(used: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test."""
    return Path(shutil.copytree(used, tmp_path / "data"))
