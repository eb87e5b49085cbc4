"""Sets up what the program needs beside itself, then starts it (or the tests). Standard library only, and no Django.

Called by ./run and ./test with any Python; it looks for a newer one itself when that is too old.
"""

# ruff: noqa: S603  every command is put together here, of our own names and the user's own options

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
UV = "uv==0.13.9"

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}
SQLITE_LOCK = ROOT / "requirements-sqlite.lock"

SYSTEM: str = sys.platform
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")

# What WeasyPrint loads, and Debian's packages with it.
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BREW_LIBRARIES = (Path("/opt/homebrew/lib"), Path("/usr/local/lib"))


class Missing(Exception):  # noqa: N818  not a fault of ours: something to install
    """The set-up cannot go on; its text is the sentence for the user."""


def main(arguments: Sequence[str]) -> int:
    """``run`` or ``test``, then that command's options. Does not return where the system can replace the process."""
    _with_a_new_enough_python(arguments)
    command, *options = arguments
    try:
        set_up(command)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    if "--setup" in options:
        print("OptaMed is set up.")
        return 0
    target = [str(ROOT / "tests" / "suite.py")] if command == "test" else ["-m", "optamed.launcher"]
    return _become([str(PYTHON), "-P", *target, *options])


def _with_a_new_enough_python(arguments: Sequence[str]) -> None:
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            sys.exit(subprocess.call([found, "-I", "-S", __file__, *arguments]))
    sys.exit("OptaMed needs Python 3.11 or newer; this one is {}.{}.".format(*sys.version_info[:2]))


def _become(command: list[str]) -> int:
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    if SYSTEM == "darwin":  # a Python that does not come from Homebrew does not look there for Pango
        environment.setdefault("DYLD_FALLBACK_LIBRARY_PATH", ":".join(map(str, BREW_LIBRARIES)))
    if not WINDOWS:
        os.execve(command[0], command, environment)  # noqa: S606  our own Python, no shell
    try:
        return subprocess.call(command, env=environment)
    except KeyboardInterrupt:
        return 0  # Ctrl+C reached the program too, which says goodbye itself


# --- what is set up ---------------------------------------------------------------------------------------------------


def set_up(command: str) -> None:
    """Bring .venv to what the lock of this command says; costs two short reads when it is there already.

    Raises Missing with a sentence.
    """
    wanted = _fingerprint(command)
    if PYTHON.is_file() and _stamp(command) == wanted:
        return
    with _alone():
        if PYTHON.is_file() and _stamp(command) == wanted:
            return  # another start was quicker
        _install_all(command, wanted)


def _install_all(command: str, wanted: str) -> None:
    print("Setting OptaMed up. This takes a few seconds, once.", flush=True)
    system = SystemPackages(missing_packages(command))
    _make_venv()
    _install(LOCKS[command])
    _install_newer_sqlite()
    system.finish()
    _stamp_file(command).write_text(wanted)
    if command == "test":  # the lock of the tests holds all that the program needs
        _stamp_file("run").write_text(_fingerprint("run"))


def _fingerprint(command: str) -> str:
    import hashlib  # noqa: PLC0415  each start is measured: only what it needs

    content = LOCKS[command].read_bytes() + SQLITE_LOCK.read_bytes()
    return "{} {}.{} {}".format(command, *sys.version_info[:2], hashlib.sha256(content).hexdigest())


def _stamp_file(command: str) -> Path:
    return VENV / f".optamed-{command}"


def _stamp(command: str) -> str:
    try:
        return _stamp_file(command).read_text()
    except OSError:
        return ""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two first starts at once: the second waits, then finds everything done."""
    if WINDOWS:
        yield
        return
    import fcntl  # noqa: PLC0415
    import hashlib  # noqa: PLC0415

    place = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    with (Path(tempfile.gettempdir()) / f"optamed-setup-{os.getuid()}-{place}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv() -> None:
    if PYTHON.is_file() and f"version = {'.'.join(map(str, sys.version_info[:2]))}." in _read(VENV / "pyvenv.cfg"):
        return
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, check=False)
    if made.returncode:
        message = "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"
        raise Missing(message)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _install(lock: Path) -> None:
    hashed = ["--require-hashes", "--quiet", "-r", str(lock)]
    if _uv(hashed) or _pip(hashed):
        return
    message = (
        "What OptaMed is made of could not be fetched. Please check that this computer is online, and start again."
    )
    raise Missing(message)


def _uv(arguments: list[str]) -> bool:
    program = BIN / ("uv.exe" if WINDOWS else "uv")
    if not program.is_file() and not _pip(["--quiet", "--only-binary", ":all:", UV]):
        return False
    return _quietly([str(program), "pip", "install", "--python", str(PYTHON), *arguments])


def _pip(arguments: list[str]) -> bool:
    return _quietly([str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments])


def _quietly(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and os.environ.get("OPTAMED_DEBUG") == "1":
        print(done.stderr, file=sys.stderr)
    return done.returncode == 0


def _install_newer_sqlite() -> None:
    """Best effort: without it the program works in a safe, slower mode (optamed/sqlite.py)."""
    if not _uv(["--require-hashes", "--quiet", "--only-binary", ":all:", "-r", str(SQLITE_LOCK)]):
        print("A newer SQLite is not to be had here; Python's own is used.")


# --- what the system must have ----------------------------------------------------------------------------------------


def missing_packages(command: str) -> list[str]:
    """Debian's names of what this system lacks; "pango" stands for all of it elsewhere."""
    missing = _missing_for_pdf()
    if command == "test":
        missing += _missing_for_tests()
    return missing


def _missing_for_pdf() -> list[str]:
    if SYSTEM == "linux":
        return [package for library, package in PANGO.items() if not _loads(library)]
    if SYSTEM == "darwin":
        return [] if any((folder / "libpango-1.0.dylib").exists() for folder in BREW_LIBRARIES) else ["pango"]
    msys = Path("C:/msys64")
    return [] if any(msys.glob("*/bin/libpango-1.0-0.dll")) else ["pango"]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _missing_for_tests() -> list[str]:
    missing = [package for tool, package in (("chromium", "chromium"), ("msgfmt", "gettext")) if not shutil.which(tool)]
    if not shutil.which("initdb") and not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append("postgresql")
    if SYSTEM == "linux" and not any(Path("/usr/share/fonts").glob("**/LiberationSans-Regular.ttf")):
        missing.append("fonts-liberation")
    if SYSTEM == "linux" and not _loads("libatomic.so.1"):  # the driver of the browser wants it
        missing.append("libatomic1")
    return missing


class SystemPackages:
    """Installs beside the rest where it may (root on Debian); otherwise says what to do, in one sentence."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        self.running: subprocess.Popen[bytes] | None = None
        if missing and not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get"):
            wait = "-o DPkg::Lock::Timeout=120"
            install = f"apt-get install -qq -y --no-install-recommends {wait} {' '.join(missing)}"
            self.running = subprocess.Popen(
                ["/bin/sh", "-c", f"apt-get update -qq; exec {install}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"),
            )

    def finish(self) -> None:
        if not self.missing or (self.running and self.running.wait() == 0):
            return
        lacking = ", ".join(self.missing)
        print(f"This system lacks {lacking}; OptaMed goes on without. {self._advice()}", file=sys.stderr)

    def _advice(self) -> str:
        names = " ".join(self.missing)
        if SYSTEM == "darwin":
            return f"To mend it: brew install {names}"
        if WINDOWS:
            return "PDF documents need it: install MSYS2, then in its window: pacman -S mingw-w64-ucrt-x86_64-pango"
        return f"To mend it: sudo apt install {names}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
