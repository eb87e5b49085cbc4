"""Several PDFs of our own as one. WeasyPrint writes them so regularly that their objects are renumbered unread.

pypdf, which understands each of them, takes twenty seconds for 500 invoices. What is not of that shape is left to it.
"""

import re
import zlib
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO

from pypdf import PdfWriter

OBJECT = re.compile(rb"(\d+) 0 obj\n(<<.*?>>)\n(?:stream\n|endobj\n)", re.DOTALL)
LENGTH = re.compile(rb"/Length (\d+)(?! 0 R)\b")
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
COUNT = re.compile(rb"/Count (\d+)")
ROOT = re.compile(rb"/Root (\d+) 0 R")
PAGES = re.compile(rb"/Pages (\d+) 0 R")
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
ENDS = (b"\nendstream\nendobj\n", b"endobj\n")


class _ForeignError(ValueError):
    """Not written as WeasyPrint writes."""


class _Book:
    """The file that grows. The first two numbers are kept for the catalogue and the root of the pages."""

    def __init__(self) -> None:
        self._out = bytearray(HEADER)
        self._offsets = {0: 0, 1: 0, 2: 0}
        self._streams: dict[bytes, int] = {}
        self._chapters: list[int] = []
        self._pages = 0

    def add(self, pdf: bytes) -> None:
        """All pages of a document, under their own node of the tree of pages. Raises _ForeignError."""
        objects, trailer = _objects(pdf)
        root = objects.pop(_number(ROOT, trailer), b"")
        top = _number(PAGES, root)
        if top not in objects:
            raise _ForeignError(pdf[:20])
        given = {number: self._number_for(content) for number, content in objects.items()}
        for number, content in objects.items():
            if self._offsets[given[number]]:
                continue  # the same font or picture stands there already
            fresh = _renumbered(content, given)
            self._write(given[number], fresh.replace(b"<<", b"<</Parent 2 0 R ", 1) if number == top else fresh)
        self._chapters.append(given[top])
        self._pages += _number(COUNT, objects[top])

    def closed(self, title: str) -> bytes:
        kids = b" ".join(b"%d 0 R" % number for number in self._chapters)
        self._write(1, b"<</Type /Catalog/Pages 2 0 R>>")
        self._write(2, b"<</Type /Pages/Kids [%b]/Count %d>>" % (kids, self._pages))
        info = len(self._offsets)
        self._offsets[info] = 0
        self._write(info, b"<</Title <FEFF%b>/Producer (OptaMed)>>" % title.encode("utf-16-be").hex().upper().encode())
        start = len(self._out)
        rows = b"".join(b"%010d 00000 n \n" % self._offsets[number] for number in range(1, info + 1))
        self._out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (info + 1, rows)
        self._out += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (info + 1, info, start)
        return bytes(self._out)

    def _number_for(self, content: bytes) -> int:
        """A new number, or that of the same stream in an earlier document: fonts and pictures are written once."""
        fresh = len(self._offsets)
        if b"stream\n" in content[:2000] and not REFERENCE.search(content.partition(b"stream\n")[0]):
            found = self._streams.setdefault(sha256(content).digest(), fresh)
            if found != fresh:
                return found
        self._offsets[fresh] = 0
        return fresh

    def _write(self, number: int, content: bytes) -> None:
        self._offsets[number] = len(self._out)
        self._out += b"%d 0 obj\n%b\nendobj\n" % (number, content)


def bind(sheets: Iterable[bytes], *, title: str) -> bytes:
    """One PDF with the pages of all, in their order. Links and outlines inside of them are not kept."""
    rows = list(sheets)
    book = _Book()
    try:
        for sheet in rows:
            book.add(sheet)
    except _ForeignError:
        return _by_pypdf(rows, title)
    return book.closed(title)


def _objects(pdf: bytes) -> tuple[dict[int, bytes], bytes]:
    """The objects by number, and the dictionary of the cross-reference stream; packed ones are unpacked."""
    found: dict[int, bytes] = {}
    trailer, at = b"", pdf.find(b"\n", pdf.find(b"\n") + 1) + 1
    while head := OBJECT.match(pdf, at):
        number, about = int(head[1]), head[2]
        has_stream = head[0].endswith(b"stream\n")
        at = head.end() + _number(LENGTH, about) if has_stream else head.end()
        if has_stream and not pdf.startswith(ENDS[0], at):
            raise _ForeignError(number)
        body = pdf[head.end() : at]
        at += len(ENDS[0]) if has_stream else 0
        if b"/Type /ObjStm" in about:
            found |= _unpacked(about, body)
        elif b"/Type /XRef" in about:
            trailer = about
        else:
            found[number] = about + (b"\nstream\n" + body + b"\nendstream" if has_stream else b"")
    if not pdf.startswith(b"startxref\n", at):
        raise _ForeignError(at)
    return found, trailer


def _unpacked(about: bytes, body: bytes) -> dict[int, bytes]:
    text = zlib.decompress(body)
    first = _number(re.compile(rb"/First (\d+)"), about)
    numbers = [int(one) for one in text[:first].split()]
    starts = [first + start for start in numbers[1::2]]
    ends = [*starts[1:], len(text)]
    return {number: text[start:end].strip() for number, start, end in zip(numbers[::2], starts, ends, strict=True)}


def _renumbered(content: bytes, given: dict[int, int]) -> bytes:
    """With every reference as it is numbered now; the bytes of a stream are never looked at."""
    about, mark, body = content.partition(b"\nstream\n")
    try:
        return REFERENCE.sub(lambda found: b"%d 0 R" % given[int(found[1])], about) + mark + body
    except KeyError as error:
        raise _ForeignError(str(error)) from error


def _number(pattern: re.Pattern[bytes], text: bytes) -> int:
    found = pattern.search(text)
    if found is None:
        raise _ForeignError(pattern.pattern)
    return int(found[1])


def _by_pypdf(sheets: list[bytes], title: str) -> bytes:
    writer = PdfWriter()
    for sheet in sheets:
        writer.append(BytesIO(sheet), import_outline=False)
    writer.add_metadata({"/Title": title, "/Producer": "OptaMed"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
