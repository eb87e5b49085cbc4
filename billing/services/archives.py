"""The papers of many invoices as a ZIP that is written while it is read, so that memory stays flat."""

import logging
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from billing import file_names
from billing.models import InsurerRequest, Invoice, Sheet
from billing.querysets import InvoiceQuerySet
from billing.services import printing
from optamed.core import dates, zipping
from optamed.core.errors import DomainError

CHUNK = 50
log = logging.getLogger(__name__)


def archive(*, invoices: InvoiceQuerySet) -> Iterator[bytes]:
    """The stored PDFs byte for byte, and the XML, flat and named by number, in the order of the list.

    What cannot be drawn is named in a text at the end instead of spoiling the rest. DomainError, before the first
    byte, where nothing is chosen.
    """
    if not invoices.exclude(state=Invoice.State.DRAFT).exists():
        raise DomainError(_("Choose at least one invoice."))
    return zipping.packed(_members(invoices))


def _members(invoices: InvoiceQuerySet) -> Iterator[tuple[zipfile.ZipInfo | str, str | bytes]]:
    absent = []
    issued = invoices.exclude(state=Invoice.State.DRAFT)
    undrawn = set(issued.without_paper().values_list("pk", flat=True))
    for invoice in issued.prefetch_related("requests").iterator(chunk_size=CHUNK):
        try:
            if invoice.pk in undrawn:
                printing.ensure_drawn(invoice=invoice)
            for name, content in _papers(invoice):
                yield _named(name, invoice), content
        except Exception:
            log.exception("invoice %s is not in the archive", invoice.pk)
            absent.append(str(invoice))
    if absent:
        yield f"{_('Missing')}.txt", "\r\n".join([_("These papers could not be drawn:"), *absent])


def _named(name: str, invoice: Invoice) -> zipfile.ZipInfo:
    made = dates.local(invoice.issued_at or invoice.created_at)
    info = zipfile.ZipInfo(name, date_time=(made.year, made.month, made.day, made.hour, made.minute, made.second))
    info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".xml") else zipfile.ZIP_STORED
    return info


def _papers(invoice: Invoice) -> Iterator[tuple[str, str | bytes]]:
    """The sheets of one invoice at a time, so that memory stays flat."""
    words = file_names.words(invoice.language)
    base = file_names.of_invoice(invoice.number, invoice.pk, ending="")
    sheets = dict(invoice.sheets.values_list("kind", "pdf"))
    for kind in Sheet.Kind.values:
        if kind in sheets:
            yield f"{base}_{words[kind]}.pdf", bytes(sheets[kind])
    for request in sorted(invoice.requests.all(), key=lambda request: request.pk):
        suffix = f"_{words['storno']}" if request.kind == InsurerRequest.Kind.STORNO else ""
        yield f"{base}{suffix}.xml", request.xml
