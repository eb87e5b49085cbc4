"""The form General of release 5.0 as PDF, drawn from a request alone: what the XML does not hold is not printed."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template import Context, Engine

from billing import page_code
from billing.form_layout import Page, pages
from billing.form_layout.ink import Frame, Stack, stacked
from billing.form_words import FORM
from billing.request import InvoiceRequest
from optamed.core import pdf

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
SHEETS = TEMPLATES / "billing" / "sheets"


@dataclass(frozen=True)
class Drawn:
    """A page of the form; ``control`` is its page control code as an SVG path, empty on drafts."""

    stacks: list[Stack]
    frames: tuple[Frame, ...]
    control: str


def render(request: InvoiceRequest, *, copy: bool = False, draft: bool = False) -> bytes:
    """The PDF: A4, as many pages as the services need. A draft has no control code and says on each page what it is.

    Raises what ``optamed.core.pdf.render`` raises.
    """
    job = form_job(request, copy=copy, draft=draft)
    return pdf.render(job.html, css=job.css)


def form_job(request: InvoiceRequest, *, copy: bool = False, draft: bool = False) -> pdf.Job:
    """The pages before they are drawn, for ``optamed.core.pdf.render_many``."""
    drawn = [_drawn(request, page, draft=draft) for page in pages(request, copy=copy)]
    mark = FORM[request.language]["draft"] if draft else ""
    context = Context(about(request, "title") | {"pages": drawn, "draft": mark}, use_l10n=False)
    return pdf.Job(html=engine().get_template("billing/sheets/form.html").render(context), css=style())


def about(request: InvoiceRequest, title: str) -> dict[str, str]:
    """What the PDF says about itself."""
    return {
        "language": request.language,
        "title": f"{FORM[request.language][title]} {request.number}".strip(),
        "author": request.biller.contact.company,
    }


def control(request: InvoiceRequest, sheet: page_code.Sheet, page: int) -> str:
    """The page control code as an SVG path in a square of 24 units."""
    return page_code.path_of(page_code.text(request.guid, request.language, request.reimbursement, sheet, page))


@cache
def engine() -> Engine:
    """An engine of its own: a sheet knows neither the screen's language nor the request."""
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


@cache
def style() -> str:
    """The text of the style sheet."""
    return (SHEETS / "form.css").read_text(encoding="utf-8")


def _drawn(request: InvoiceRequest, page: Page, *, draft: bool) -> Drawn:
    return Drawn(stacked(page.texts), page.frames, "" if draft else control(request, "GR", page.number))
