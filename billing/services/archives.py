"""The papers of many invoices as a ZIP that is written while it is read, so that memory stays flat."""

import logging
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from billing import file_names
from billing.models import InsurerRequest, Invoice, Sheet
from billing.querysets import InvoiceQuerySet
from billing.services import printing
from optamed.core import dates
from optamed.core.errors import DomainError

CHUNK = 50
# Our number first, so that the papers of an invoice stand together; the words of the language they are written in.
WORDS = {
    "fr": {"invoice": "Facture", "form": "Justificatif", "annex": "Feuille_QR", "storno": "Annulation"},
    "de": {"invoice": "Rechnung", "form": "Rueckforderungsbeleg", "annex": "QR-Blatt", "storno": "Storno"},
    "it": {"invoice": "Fattura", "form": "Giustificativo", "annex": "Foglio_QR", "storno": "Annullamento"},
    "en": {"invoice": "Invoice", "form": "Form", "annex": "QR_sheet", "storno": "Cancellation"},
}
log = logging.getLogger(__name__)


class _Basket:
    """What the archive has written and nobody has fetched yet. It cannot go back, so the archive does not try."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def fetch(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def archive(*, invoices: InvoiceQuerySet) -> Iterator[bytes]:
    """The stored PDFs byte for byte, and the XML, flat and named by number, in the order of the list.

    What cannot be drawn is named in a text at the end instead of spoiling the rest. DomainError, before the first
    byte, where nothing is chosen.
    """
    if not invoices.exclude(state=Invoice.State.DRAFT).exists():
        raise DomainError(_("Choose at least one invoice."))
    return _parts(invoices)


def _parts(invoices: InvoiceQuerySet) -> Iterator[bytes]:
    basket, absent = _Basket(), []
    with zipfile.ZipFile(basket, "w", zipfile.ZIP_STORED) as packed:
        for invoice in invoices.exclude(state=Invoice.State.DRAFT).iterator(chunk_size=CHUNK):
            try:
                for name, content in _members(invoice):
                    packed.writestr(_member(name, invoice), content)
                    yield basket.fetch()
            except Exception:
                log.exception("invoice %s is not in the archive", invoice.pk)
                absent.append(str(invoice))
        if absent:
            packed.writestr(f"{_('Missing')}.txt", "\r\n".join([_("These papers could not be drawn:"), *absent]))
    yield basket.fetch()


def _member(name: str, invoice: Invoice) -> zipfile.ZipInfo:
    made = dates.local(invoice.issued_at or invoice.created_at)
    info = zipfile.ZipInfo(name, date_time=(made.year, made.month, made.day, made.hour, made.minute, made.second))
    info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".xml") else zipfile.ZIP_STORED
    return info


def _members(invoice: Invoice) -> Iterator[tuple[str, bytes]]:
    printing.ensure_drawn(invoice=invoice)
    words = WORDS.get(invoice.language, WORDS["en"])
    base = file_names.of_invoice(invoice.number, invoice.pk, ending="")
    for kind in Sheet.Kind.values:
        for content in invoice.sheets.filter(kind=kind).values_list("pdf", flat=True):
            yield f"{base}_{words[kind]}.pdf", bytes(content)
    for kind, xml in invoice.requests.order_by("pk").values_list("kind", "xml"):
        suffix = f"_{words['storno']}" if kind == InsurerRequest.Kind.STORNO else ""
        yield f"{base}{suffix}.xml", xml.encode()
