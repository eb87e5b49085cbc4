"""Drawing the papers of an invoice from what was frozen, and keeping their bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from billing import xml_reading
from billing.document import InvoiceDocument
from billing.models import Invoice, Sheet
from billing.services import insurer_requests, style
from billing.services.sheets import annex, form, letter, storno
from optamed.core.pdf import Job


@dataclass(frozen=True)
class Wanted:
    """A paper that is still to be drawn."""

    kind: str
    job: Job


def wanted(*, invoice: Invoice) -> list[Wanted]:
    """What an issued or cancelled invoice should have and does not have yet, in page order."""
    if invoice.is_draft:
        return []
    there = set(invoice.sheets.values_list("kind", flat=True))
    jobs = [*_of_issue(invoice)] if Sheet.Kind.INVOICE not in there else []
    if invoice.is_cancelled and Sheet.Kind.STORNO not in there:
        jobs.append(_storno(invoice))
    return jobs


def keep(*, invoice: Invoice, kinds: Sequence[str], pdfs: Sequence[bytes]) -> None:
    """All of them or none. Whoever stores first wins: the other's bytes are dropped."""
    rows = [
        Sheet(invoice=invoice, kind=kind, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
        for kind, pdf in zip(kinds, pdfs, strict=True)
    ]
    try:
        with transaction.atomic():
            Sheet.objects.bulk_create(rows)
    except IntegrityError:
        pass


def letter_of(invoice: Invoice) -> InvoiceDocument:
    return InvoiceDocument.from_json(invoice.document)


def letter_job(document: InvoiceDocument, *, draft: bool = False, copy: bool = False) -> Job:
    """With the pictures it names, which are kept for as long as any invoice does."""
    return letter.invoice_job(document, pictures=_pictures(document), draft=draft, copy=copy)


def _pictures(document: InvoiceDocument) -> dict[str, tuple[str, bytes]]:
    return style.pictures_of(shas=[sha for sha in (document.look.logo, document.look.signature) if sha])


def _of_issue(invoice: Invoice) -> list[Wanted]:
    jobs = [Wanted(Sheet.Kind.INVOICE, letter_job(letter_of(invoice)))]
    frozen = insurer_requests.frozen(invoice=invoice)
    if frozen is not None:
        xml = frozen.xml.encode()
        request = xml_reading.read(xml)
        jobs.append(Wanted(Sheet.Kind.FORM, form.form_job(request)))
        jobs.append(Wanted(Sheet.Kind.ANNEX, annex.annex_job(request, xml)))
    return jobs


def _storno(invoice: Invoice) -> Wanted:
    done = invoice.cancellation
    document = letter_of(invoice)
    job = storno.storno_job(
        document, number=done.number, on=done.cancelled_on, reason=done.reason, pictures=_pictures(document)
    )
    return Wanted(Sheet.Kind.STORNO, job)
