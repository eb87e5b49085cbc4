"""The whole test run, one part after the other; called by ./test with the Python of .venv.

Pages and rules on SQLite, then the browser, then pages and rules once more on a PostgreSQL of its own in a temp folder.
``--fast`` runs the first part only; every other argument goes to pytest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTHING_RAN = 5  # pytest's exit code
SERVER_USERS = ("postgres", "nobody")  # initdb refuses root
UNSAFE_AND_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def main(arguments: Sequence[str]) -> int:
    """0 when all parts passed."""
    fast = "--fast" in arguments
    given = [argument for argument in arguments if argument != "--fast"]
    codes = [_part("Rules and pages, on SQLite", ["-n", "2", "-m", "not e2e", *given])]
    if not fast:
        codes.append(_part("In the browser", ["-m", "e2e", *given]))
        codes.append(_on_postgresql(given))
    return _verdict(codes, chosen=bool(given))


def _part(title: str, arguments: list[str], environment: dict[str, str] | None = None) -> int:
    print(f"\n=== {title}\n", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | (environment or {}), check=False).returncode


def _verdict(codes: list[int], *, chosen: bool) -> int:
    """A part without tests is a fault, unless the arguments chose some tests and another part ran them."""
    if chosen and any(code == 0 for code in codes):
        codes = [code for code in codes if code != NOTHING_RAN]
    failed = sum(1 for code in codes if code)
    print(f"\n=== {f'{failed} of {len(codes)} parts failed' if failed else 'All parts passed'}", flush=True)
    return 1 if failed else 0


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _on_postgresql(given: list[str]) -> int:
    title = "Rules and pages, on PostgreSQL"
    tools = _postgresql_tools()
    if tools is None:
        print(f"\n=== {title}: left out, PostgreSQL is not installed here (sudo apt install postgresql)", flush=True)
        return 0
    with postgresql(tools) as url:
        return _part(title, ["-n", "2", "-m", "not e2e", *given], {"OPTAMED_DATABASE_URL": url})


def _postgresql_tools() -> Path | None:
    """The folder with initdb and pg_ctl; Debian keeps it out of the PATH."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1] if places else None


@contextmanager
def postgresql(tools: Path) -> Iterator[str]:
    """A server for one test run, reached through a socket in its own temp folder, gone afterwards. Gives its URL."""
    short = "/tmp"  # noqa: S108  a socket's path has at most 107 characters
    with tempfile.TemporaryDirectory(prefix="optamed-pg-", dir=short) as place:
        user = _unprivileged_user()
        if user:
            shutil.chown(place, user)
        data = Path(place) / "data"
        initdb = ["-U", "optamed", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", str(data)]
        _run([str(tools / "initdb"), *initdb], user)
        control = [str(tools / "pg_ctl"), "-w", "-s", "-D", str(data)]
        options = f"-k {place} -c listen_addresses='' {UNSAFE_AND_QUICK}"
        _run([*control, "-l", f"{place}/log", "-o", options, "start"], user)
        try:
            yield f"postgres://optamed@{place.replace('/', '%2F')}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)


def _unprivileged_user() -> str | None:
    if os.name != "posix" or os.geteuid():
        return None
    import pwd  # noqa: PLC0415  not on Windows

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in SERVER_USERS if name in known)


def _run(command: list[str], user: str | None) -> None:
    subprocess.run(command, user=user, cwd="/", stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
