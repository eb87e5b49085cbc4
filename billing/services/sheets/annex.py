"""The QR sheet (Annex) of release 5.0 as PDF: the whole XML in codes, for the patient to send along with the form."""

from dataclasses import dataclass
from functools import cache

import segno
from django.template import Context

from billing.annex import pack
from billing.form_layout.codes import CodePage, code_pages
from billing.form_layout.ink import Frame, Stack, stacked
from billing.request import InvoiceRequest
from billing.services.sheets import form
from optamed.core import pdf


@dataclass(frozen=True)
class Code:
    """A picture of a code, one pixel for a module, and where it stands in millimetres."""

    source: str
    left: float
    top: float


@dataclass(frozen=True)
class Drawn:
    """A page of the sheet; ``control`` is its page control code as an SVG path."""

    stacks: list[Stack]
    frames: tuple[Frame, ...]
    control: str
    codes: tuple[Code, ...]


def render(request: InvoiceRequest, xml: bytes) -> bytes:
    """The PDF: A4, six codes on a page. ``xml`` goes into the codes byte for byte.

    Raises AnnexError where twelve codes do not hold it, and what ``optamed.core.pdf.render`` raises.
    """
    job = annex_job(request, xml)
    return pdf.render(job.html, css=job.css)


def annex_job(request: InvoiceRequest, xml: bytes) -> pdf.Job:
    """The pages before they are drawn, for ``optamed.core.pdf.render_many``."""
    chunks = pack(xml)
    pages = [_drawn(request, page, chunks) for page in code_pages(request, len(chunks))]
    context = Context(form.about(request, "annex") | {"pages": pages}, use_l10n=False)
    return pdf.Job(html=form.engine().get_template("billing/sheets/annex.html").render(context), css=_style())


def _drawn(request: InvoiceRequest, page: CodePage, chunks: list[str]) -> Drawn:
    codes = tuple(Code(_picture(chunks[number - 1]), left, top) for number, left, top in page.codes)
    return Drawn(stacked(page.texts), page.frames, form.control(request, "AX", page.number), codes)


def _picture(chunk: str) -> str:
    """The code as a data URI at level M; the chunks are of one length, so all codes have one version (a full one 29).

    A picture is drawn ten times faster than a path of 133 rows, and the printer makes as sharp squares of it.
    """
    return str(segno.make_qr(chunk, error="m", boost_error=False, mode="byte").png_data_uri(scale=1, border=0))


@cache
def _style() -> str:
    return form.style() + (form.SHEETS / "annex.css").read_text(encoding="utf-8")
