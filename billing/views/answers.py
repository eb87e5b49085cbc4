"""A PDF as an answer: under its name, and in a sandbox where the browser shows it."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# The browser's own viewer may print and save; the paper is of no origin, and nothing else may load or frame it.
PDF_POLICY = "sandbox allow-downloads allow-modals allow-scripts; default-src 'none'; frame-ancestors 'self'"


def pdf_answer(content: bytes, name: str, *, inline: bool) -> HttpResponse:
    """Shown in the browser's own viewer with ``inline``, otherwise saved as ``name``."""
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    headers = {
        "Content-Disposition": disposition or "inline",
        "Content-Security-Policy": PDF_POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
