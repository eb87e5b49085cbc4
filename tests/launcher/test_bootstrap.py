"""The set-up is done once per lock, needs no Django, and says what is missing in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from optamed import bootstrap


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree whose .venv is set up."""
    for name in ("run", "test"):
        (tmp_path / f"{name}.lock").write_text(f"{name} 1")
        monkeypatch.setitem(bootstrap.LOCKS, name, tmp_path / f"{name}.lock")
    (tmp_path / "sqlite.lock").write_text("")
    monkeypatch.setattr(bootstrap, "SQLITE_LOCK", tmp_path / "sqlite.lock")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    (tmp_path / ".optamed-run").write_text(bootstrap._fingerprint("run"))
    return tmp_path


@pytest.mark.usefixtures("tree")
def test_a_set_up_tree_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.set_up("run")

    assert capsys.readouterr().out == ""


def test_a_changed_lock_is_noticed(tree: Path) -> None:
    (tree / "run.lock").write_text("run 2")

    assert bootstrap._stamp("run") != bootstrap._fingerprint("run")


@pytest.mark.usefixtures("tree")
def test_the_tests_have_a_stamp_of_their_own() -> None:
    assert bootstrap._stamp("test") == ""


def test_it_needs_nothing_but_the_standard_library() -> None:
    folder = str(bootstrap.ROOT / "optamed")
    program = f"import sys; sys.path.insert(0, {folder!r}); import bootstrap; print('django' in sys.modules)"
    bare = [sys.executable, "-I", "-S", "-c", program]

    said = subprocess.run(bare, capture_output=True, text=True, check=True).stdout

    assert said.strip() == "False"


def test_what_the_system_lacks_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "SYSTEM", "linux")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)

    bootstrap.SystemPackages(["libpango-1.0-0"]).finish()

    assert capsys.readouterr().err == (
        "This system lacks libpango-1.0-0; OptaMed goes on without. To mend it: sudo apt install libpango-1.0-0\n"
    )


def test_no_host_of_a_registry_is_named() -> None:
    assert "://" not in Path(bootstrap.__file__).read_text()
