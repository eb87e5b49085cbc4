"""PDF from HTML with WeasyPrint, which may open nothing but the program's own fonts and images (``asset:``).

It costs 48 MB and a second to import, so it is imported where it is first used. It is not safe in threads: one lock.
"""

import atexit
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from mimetypes import guess_type
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Protocol
from urllib.parse import unquote

ASSETS = Path(__file__).resolve().parents[2] / "static"
ASSET_FOLDERS = ("fonts", "img", "icons")
# Debian alone has DejaVu, which the QR-bill's standard does not allow: the fonts come with the program.
BASE = """
html { font-family: "Liberation Sans", Arial, Helvetica, sans-serif }
@font-face { font-family: "Liberation Sans"; font-weight: 400;
  src: url("asset:fonts/liberation/LiberationSans-Regular.ttf") }
@font-face { font-family: "Liberation Sans"; font-weight: 700;
  src: url("asset:fonts/liberation/LiberationSans-Bold.ttf") }
"""
FEW = 4  # below this a pool starts more slowly than it works
MOST_WORKERS = 4

_lock = RLock()


class AssetRefusedError(ValueError):
    """The page asked for something that is not the program's own. Nothing was opened and nothing was rendered."""


class _Fetcher(Protocol):
    refused: list[str]


class PdfUnavailableError(RuntimeError):
    """The libraries behind WeasyPrint are missing; the message says how they are installed."""


@dataclass(frozen=True)
class Job:
    """A page to render, with the text of its style sheet."""

    html: str
    css: str = ""


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogues; worker processes know no Django."""
    return sentence


ADVICE = {
    "linux": gettext_noop(
        "Documents need the library Pango. On Debian and Ubuntu: "
        "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ),
    "darwin": gettext_noop("Documents need the library Pango. On a Mac: brew install pango"),
    "win32": gettext_noop(
        "Documents need the library Pango. On Windows install MSYS2, then: pacman -S mingw-w64-ucrt-x86_64-pango"
    ),
}


def available() -> str:
    """Empty where documents can be made, else the sentence that says what is missing and the command that mends it."""
    try:
        _weasyprint()
    except (ImportError, OSError):
        return ADVICE.get(sys.platform, ADVICE["linux"])
    return ""


def warm_up() -> None:
    """Load library and fonts, so that the first real document does not wait. Quiet where the library is missing."""
    if not available():
        render("<p>1</p>")


def render(html: str, *, css: str = "") -> bytes:
    """The PDF of a page of HTML with the text of a style sheet, which is kept parsed between documents.

    Raises AssetRefusedError for any address but ``asset:`` and ``data:``, PdfUnavailableError where Pango is missing.
    """
    if missing := available():
        raise PdfUnavailableError(missing)
    fetcher = _fetcher()
    with _lock:
        fetcher.refused.clear()
        document = _weasyprint().HTML(string=html, base_url="asset:", url_fetcher=fetcher)
        pdf = document.write_pdf(stylesheets=[_sheet(BASE), _sheet(css)], font_config=_font_configuration())
        if fetcher.refused:
            _sheet.cache_clear()
            raise AssetRefusedError("; ".join(fetcher.refused))
    return bytes(pdf)


def render_many(jobs: Iterable[Job], *, workers: int = 0) -> Iterator[bytes]:
    """The PDFs in the order of the jobs, in several processes when there are many. Jobs are taken as needed."""
    waiting = iter(jobs)
    first = list(islice(waiting, FEW))
    if len(first) < FEW:
        yield from map(_render_job, first)
        return
    with pool(workers) as processes:
        under_way: deque[Future[bytes]] = deque(processes.submit(_render_job, job) for job in first)
        for job in waiting:
            under_way.append(processes.submit(_render_job, job))
            if len(under_way) > 2 * MOST_WORKERS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def pool(workers: int = 0) -> ProcessPoolExecutor:
    """Fresh processes with everything loaded, about 80 MB each: for bulk work, and closed after it."""
    count = workers or min(os.cpu_count() or 1, MOST_WORKERS)
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=warm_up)


def asset(name: str) -> Path:
    """The file of an asset's name. Raises AssetRefusedError outside the folders of fonts and images."""
    path = (ASSETS / unquote(name)).resolve()
    allowed = any(path.is_relative_to(ASSETS / folder) for folder in ASSET_FOLDERS)
    if not allowed or not path.is_file():
        raise AssetRefusedError(f"not an asset of the program: {name[:80]}")
    return path


def _render_job(job: Job) -> bytes:
    return render(job.html, css=job.css)


@cache
def _weasyprint() -> ModuleType:
    import weasyprint  # noqa: PLC0415 (the heavy one: see the docstring)

    module: ModuleType = weasyprint
    return module


@cache
def _font_configuration() -> object:
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    # It keeps the fonts in a temporary folder and takes it along when it goes, which the end of a program forgets.
    atexit.register(_font_configuration.cache_clear)
    return FontConfiguration()


@lru_cache(maxsize=16)
def _sheet(css: str) -> object:
    return _weasyprint().CSS(string=css, base_url="asset:", url_fetcher=_fetcher(), font_config=_font_configuration())


@cache
def _fetcher() -> "_Fetcher":
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """It notes what it refuses: WeasyPrint swallows the error and would print the page with a hole."""

        refused: list[str] = []

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            scheme, _, name = url.partition(":")
            try:
                path = asset(name if scheme == "asset" else url)
            except AssetRefusedError as error:
                self.refused.append(str(error))
                raise
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": guess_type(path)[0] or "font/ttf"})

    fetcher: _Fetcher = Fetcher(allowed_protocols=("data",))
    return fetcher
