"""The command behind ./run: options, data folder, then each step of the start in its order."""

import argparse
import importlib
import os
import traceback
from collections.abc import Sequence
from pathlib import Path

import django
import platformdirs

from optamed import __version__
from optamed.core import process
from optamed.launcher import browser, datafile, instance, terminal
from optamed.launcher.refusal import Refusal
from optamed.practice import first_run

TOKEN_FILE = "first-run.token"  # noqa: S105  a file's name; the same as in settings


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 after a clean stop or when another start was sooner, 1 with a sentence on standard error."""
    options = _parser().parse_args(arguments)
    os.umask(0o077)  # the data is for this user of the computer only
    try:
        folder = _data_folder(options)
        with instance.claim(folder) as other:
            return _show(other, folder, options) if other else _start_or_explain(folder, options)
    except Refusal as refusal:
        terminal.explain(refusal)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run", description="Starts OptaMed and opens it in the browser.")
    parser.add_argument("--setup", action="store_true", help="only set up what OptaMed needs")
    parser.add_argument("--demo", action="store_true", help="start with an invented practice, apart from your own data")
    parser.add_argument("--port", type=_port, help=f"the port to listen on (usually {instance.PORTS[0]})")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--data-dir", type=Path, help="the folder of the data")
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:  # noqa: PLR2004  the range of ports
        raise argparse.ArgumentTypeError(text)
    return port


def _data_folder(options: argparse.Namespace) -> Path:
    """The folder that was named, else the platform's; made for this user only. Raises Refusal."""
    named = options.data_dir or os.environ.get("OPTAMED_DATA_DIR")
    own = platformdirs.user_data_dir("OptaMed-demo" if options.demo else "OptaMed", appauthor=False)
    folder = Path(named or own).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / instance.LOCK_FILE).touch(mode=0o600)
    except OSError as fault:
        message = f"The folder of the data, {folder}, cannot be written: {fault.strerror}."
        raise Refusal(message) from fault
    return folder


def _show(other: instance.Running, folder: Path, options: argparse.Namespace) -> int:
    """A second start: the program runs already, so its window is what is wanted."""
    _announce(other.url, first_run.current(folder / TOKEN_FILE), options)
    return 0


def _announce(url: str, token: str, options: argparse.Namespace) -> None:
    terminal.say(f"OptaMed is ready at {url}")
    door = f"{url}/first-run/{token}/" if token else f"{url}/"
    if token:
        terminal.say(f"Set up your practice at {door}")
    if options.demo:
        demo = importlib.import_module("optamed.launcher.demo")
        terminal.say(f"Sign in to the demo as {demo.EMAIL} with the password {demo.PASSWORD}")
    if not options.no_browser:
        browser.show(door)


def _start_or_explain(folder: Path, options: argparse.Namespace) -> int:
    """A fault that nobody foresaw is written down in full, and said in a sentence."""
    try:
        return _start(folder, options)
    except Refusal:
        raise
    except Exception as fault:
        report = folder / "logs" / "start.log"
        report.parent.mkdir(exist_ok=True)
        report.write_text(traceback.format_exc())
        message = f"OptaMed could not start ({type(fault).__name__}). What happened is written in {report}"
        raise Refusal(message) from fault


def _start(folder: Path, options: argparse.Namespace) -> int:
    os.environ["OPTAMED_DATA_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optamed.settings")
    if not os.environ.get("OPTAMED_DATABASE_URL"):
        _look_at_the_data(folder)
    # From here on the apps are needed, so these modules are imported when they can be.
    upgrade = importlib.import_module("optamed.launcher.upgrade")
    django.setup()
    if options.demo:
        importlib.import_module("optamed.launcher.demo").prepare(folder)
    upgrade.bring_up_to_date(folder)
    if options.demo:
        importlib.import_module("optamed.launcher.demo").make(folder)
    upgrade.collect_static_files()
    return _serve(folder, options)


def _look_at_the_data(folder: Path) -> None:
    if datafile.undo_update(folder):
        terminal.say("The last update was interrupted. Your data is as it was before, and is updated again now.")
    datafile.check(folder)


def _serve(folder: Path, options: argparse.Namespace) -> int:
    listening = instance.listen(options.port)
    running = instance.Running(port=listening.getsockname()[1], nonce=process.NONCE, pid=os.getpid())
    instance.write(folder, running)
    server = importlib.import_module("optamed.server")
    code: int = server.run(listening, ready=lambda token: _announce(running.url, token, options))
    return code
