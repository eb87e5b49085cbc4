"""The engine opens our own fonts and images, and nothing else."""

import base64
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pypdf
import pypdfium2
import pytest

from optamed.core import pdf

PIXEL = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx\x9cc`"
    b"\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
).decode()


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes what is asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def _fonts(document: bytes) -> set[str]:
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(document)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return found


def test_the_fonts_are_the_programs_own() -> None:
    document = pdf.render("<p>Zürich <b>1’234.50</b> Łódź Ș €</p>")

    assert _fonts(document) == {"Liberation-Sans", "Liberation-Sans-Bold"}


def test_the_style_sheet_of_the_job_is_used_each_time() -> None:
    sizes = [
        pypdfium2.PdfDocument(pdf.render("<p>1</p>", css=f"@page {{ size: {size} }}"))[0].get_size()
        for size in ("200pt 300pt", "400pt 500pt", "200pt 300pt")
    ]

    assert [(round(width), round(height)) for width, height in sizes] == [(200, 300), (400, 500), (200, 300)]


@pytest.mark.parametrize(
    "html",
    [
        "<img src='{}'>",
        "<link rel=stylesheet href='{}'>",
        "<link rel=attachment href='{}'>",
        "<a rel=attachment href='{}'>x</a>",
        "<style>@import '{}';</style>",
        "<p style='background: url({})'>x</p>",
        "<style>@font-face {{ font-family: x; src: url({}) }}</style>",
        "<object data='{}'></object>",
        "<embed src='{}'>",
        "<svg width=9 height=9><image href='{}' width=9 height=9 /></svg>",
        (
            "<img src='data:image/svg+xml,"
            '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>\'>'
        ),
    ],
)
def test_files_and_the_network_are_refused(html: str, tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    base, asked = listener

    for address in (secret.as_uri(), f"{base}/x.css", f"{base}/x.css".upper()):
        with pytest.raises(pdf.AssetRefusedError):
            pdf.render(html.format(address))
        with pytest.raises(pdf.AssetRefusedError):
            pdf.render(html.format(address))

    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "asset:../manage.py",
        "asset:fonts/../../pyproject.toml",
        "asset:fonts/%2e%2e/%2e%2e/pyproject.toml",
    ],
)
def test_no_way_leads_out_of_the_assets(address: str) -> None:
    with pytest.raises(pdf.AssetRefusedError):
        pdf.render(f"<img src='{address}'>")


def test_a_base_address_in_the_page_changes_nothing() -> None:
    with pytest.raises(pdf.AssetRefusedError):
        pdf.render("<base href='file:///etc/'><img src='passwd'>")


def test_pictures_in_the_page_are_allowed() -> None:
    assert pdf.render(f"<img src='data:image/png;base64,{PIXEL}'>").startswith(b"%PDF")


def test_a_refusal_is_not_carried_into_the_next_document() -> None:
    with pytest.raises(pdf.AssetRefusedError):
        pdf.render("<p>1</p>", css="@import 'file:///etc/x.css';")

    assert pdf.render("<p>1</p>").startswith(b"%PDF")


def test_threads_may_render_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(lambda number: pdf.render(f"<p>Nr. {number}</p>"), range(12)))

    assert [_text(document) for document in documents] == [f"Nr. {number}" for number in range(12)]


@pytest.mark.parametrize("count", [0, 2, 7])
def test_many_come_in_their_order(count: int) -> None:
    jobs = [pdf.Job(f"<p>Nr. {number}</p>", "@page { size: A5 }") for number in range(count)]

    documents = list(pdf.render_many(jobs, workers=2))

    assert [_text(document) for document in documents] == [f"Nr. {number}" for number in range(count)]


def test_a_refused_page_among_many_is_not_silent() -> None:
    jobs = [pdf.Job("<p>1</p>")] * 5 + [pdf.Job("<img src='file:///etc/passwd'>")]

    with pytest.raises(pdf.AssetRefusedError):
        list(pdf.render_many(jobs, workers=1))


def test_the_fonts_leave_nothing_behind_in_the_temporary_folder(tmp_path: Path) -> None:
    program = "from optamed.core import pdf; pdf.warm_up(); import os; print(os.listdir(os.environ['TMPDIR']))"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=pdf.ASSETS.parent,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "weasyprint-" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_with_pango_installed_nothing_is_missing() -> None:
    assert pdf.available() == ""


def _text(document: bytes) -> str:
    return str(pypdfium2.PdfDocument(document)[0].get_textpage().get_text_range()).strip()
