"""Papers that leave: which of them for whom, many invoices as one PDF, and what is on paper already."""

import logging
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing import xml_reading
from billing.models import Invoice, InvoiceSettings, Sheet
from billing.querysets import InvoiceQuerySet
from billing.services import cancelling, insurer_requests, invoicing
from billing.services import papers as drawings
from billing.services.sheets import form
from optamed.core import binding, dates, pdf
from optamed.core.errors import DomainError
from optamed.core.pdf import Job
from optamed.journal import services as journal
from optamed.practice.models import User
from patients import papers as kinds

Channel = Literal["mail", "print"]
Wish = tuple[Invoice, Sequence[str]]  # the papers of an invoice that go into a PDF, in page order
MOST = 500  # invoices in one PDF, and changed at once
# Copies in one PDF: they are not kept, so they are drawn while the page stands still, for a few seconds.
MOST_COPIES = 100
CHUNK = 50  # invoices whose stored sheets are read at once
STORNO = "storno"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What became of a wish to mail several: ``wanted`` leave, the others do not."""

    wanted: int
    before: int
    without_address: int


def papers_of(*, invoice: Invoice, channel: Channel, of_practice: InvoiceSettings | None = None) -> tuple[str, ...]:
    """As the patient wishes, otherwise as the practice does, in page order; only what this invoice has."""
    settings = of_practice or InvoiceSettings.current()
    usual = settings.mail_papers if channel == "mail" else settings.print_papers
    return _had(invoice, kinds.chosen(invoice.patient.papers or usual))


def paper(*, invoice: Invoice, paper: str, copy: bool = False) -> bytes:
    """A stored sheet byte for byte, drawn first where a crash left none; copies are never kept, but drawn each time.

    ``paper`` is invoice, form, annex, storno, or copy: the form marked as a copy, the letter where there is no form.
    DomainError for a draft, and for a paper that this invoice does not have.
    """
    _refuse_draft(invoice)
    if copy or paper == kinds.COPY:
        _refuse_without_pango()
        job = _copy(invoice, paper)
        return pdf.render(job.html, css=job.css)
    return _one(invoice, _stored([invoice])[invoice.pk], paper)


def bundle(*, invoices: Iterable[Invoice], papers: Sequence[str] | None = None) -> bytes:
    """One PDF in page order, invoice after invoice as they come: what each is printed with, or the ``papers`` named.

    DomainError for none, for more than 500, for more than 100 copies, for a draft among them.
    """
    rows = list(invoices)
    refuse_too_many(count=len(rows))
    settings = InvoiceSettings.current()
    wished = [
        (one, _had(one, papers) if papers else papers_of(invoice=one, channel="print", of_practice=settings))
        for one in rows
    ]
    return binding.bind(_sheets(wished), title=_title(rows))


def merged(sheets: Sequence[bytes], *, title: str) -> bytes:
    """Several papers as one PDF; a single one stays as it is, byte for byte."""
    if len(sheets) == 1:
        return sheets[0]
    return binding.bind(sheets, title=title)


def for_mail(*, invoice: Invoice) -> tuple[bytes | None, bytes | None]:
    """What is attached: the letter, and the insurer's papers as one PDF; None for what is not wished."""
    _refuse_draft(invoice)
    wished = papers_of(invoice=invoice, channel="mail")
    sheets = list(zip(wished, _sheets([(invoice, wished)]), strict=True))
    letters = [sheet for name, sheet in sheets if name == kinds.INVOICE]
    others = [sheet for name, sheet in sheets if name != kinds.INVOICE]
    title = str(invoice.number)
    return (merged(letters, title=title) if letters else None), (merged(others, title=title) if others else None)


def ensure_drawn(*, invoice: Invoice) -> None:
    """Draw the sheets that a crash left undrawn. DomainError where this computer cannot draw."""
    there = set(invoice.sheets.values_list("kind", flat=True))
    if _lacks_some(invoice, there):
        _refuse_without_pango()
        invoicing.finish(invoice=invoice)


def draw_some(*, invoices: InvoiceQuerySet, seconds: int = 4) -> int:
    """Draw sheets that are missing for some seconds, and say how many still are: a step of a bar that moves."""
    _refuse_without_pango()
    until = time.monotonic() + seconds
    missing = list(invoices.without_paper().order_by("pk")[:MOST])
    for done, invoice in enumerate(missing, start=1):
        _draw(invoice)
        if time.monotonic() > until:
            return len(missing) - done
    return 0


@transaction.atomic
def mark_printed(*, invoices: InvoiceQuerySet, by: User | None) -> int:
    """They are on paper. Who was first stays; drafts and cancelled ones are left as they are. Returns how many."""
    return _each(invoices.issued().filter(printed_at__isnull=True), {"printed_at": dates.now()}, "printed", by)


@transaction.atomic
def unmark_printed(*, invoices: InvoiceQuerySet, by: User | None) -> int:
    """They are not on paper after all. Returns how many."""
    return _each(invoices.filter(printed_at__isnull=False), {"printed_at": None}, "not printed", by)


@transaction.atomic
def want_mail(*, invoices: InvoiceQuerySet, by: User | None) -> Asked:
    """Let them leave by e-mail: the outbox takes them up within a minute, each once. DomainError for more than 500."""
    standing = invoices.issued()
    before = standing.filter(mail_wanted=True).count()
    without_address = standing.filter(mail_wanted=False, recipient_email="").count()
    fresh = standing.filter(mail_wanted=False).exclude(recipient_email="")
    return Asked(_each(fresh, {"mail_wanted": True}, "mail wanted", by), before, without_address)


def note_mail(*, invoice_id: int, state: str) -> None:
    """What the outbox says of its newest message, as ``Invoice.Mail``; empty: it was withdrawn, and none is wanted."""
    Invoice.objects.filter(pk=invoice_id).update(mail_state=state, mail_wanted=bool(state))


@transaction.atomic
def hide(*, invoices: InvoiceQuerySet, by: User | None) -> int:
    """Take the cancelled ones among them out of the lists. Returns how many."""
    rows = list(invoices.cancelled().shown().order_by("pk")[: MOST + 1])
    _refuse_more(len(rows))
    for invoice in rows:
        cancelling.hide(invoice=invoice, by=by)
    return len(rows)


def note_export(*, what: str, by: User) -> None:
    """A list or papers left the program: the journal says when, and by whom."""
    journal.record(verb=f"exported {what}", subject=by, by=by)


def refuse_too_many(*, count: int) -> None:
    """DomainError for no invoice, and for more than one PDF holds."""
    if not count:
        raise DomainError(_("Choose at least one invoice."))
    if count > MOST:
        raise DomainError(_("One PDF holds at most 500 invoices. Take the ZIP, or a shorter period."))


def copies_in(*, invoices: InvoiceQuerySet) -> int:
    """How many of them are printed with a copy: as the patient wishes, otherwise as the practice does."""
    with_copy = Q(patient__papers__contains=kinds.COPY)
    if kinds.COPY in kinds.chosen(InvoiceSettings.current().print_papers):
        with_copy |= Q(patient__papers="")
    return invoices.filter(with_copy).count()


def refuse_too_many_copies(*, count: int) -> None:
    """DomainError for more copies than are drawn while somebody waits."""
    if count > MOST_COPIES:
        raise DomainError(_("One PDF holds at most 100 copies. Choose fewer invoices, or print them without a copy."))


def _had(invoice: Invoice, named: Sequence[str]) -> tuple[str, ...]:
    """Of the named ones those that this invoice has; the letter where it has none of them."""
    only = kinds.ORDER if invoice.forms != Invoice.Forms.LETTER else (kinds.INVOICE, kinds.COPY)
    return tuple(paper for paper in only if paper in named) or (kinds.INVOICE,)


def _each(invoices: InvoiceQuerySet, change: dict[str, object], verb: str, by: User | None) -> int:
    """Change each of them that still asks for it, with its entry in the journal. Returns how many."""
    rows = list(invoices.order_by("pk")[: MOST + 1])
    _refuse_more(len(rows))
    changed = [invoice for invoice in rows if invoices.filter(pk=invoice.pk).update(**change)]
    for invoice in changed:
        journal.record(verb=verb, subject=invoice, by=by)
    return len(changed)


def _refuse_more(count: int) -> None:
    if count > MOST:
        raise DomainError(_("At most 500 invoices are changed at a time. Choose fewer, or a shorter period."))


def _refuse_draft(invoice: Invoice) -> None:
    if invoice.is_draft:
        raise DomainError(_("A draft has no papers yet. Issue the invoice first."))


def _refuse_without_pango() -> None:
    if pdf.available():
        raise DomainError(_("The paper of this invoice cannot be drawn on this computer yet."))


def _sheets(wished: Sequence[Wish]) -> Iterator[bytes]:
    """The papers of each invoice, in order: stored ones are read many at a time, copies drawn by several processes."""
    for invoice, _names in wished:
        _refuse_draft(invoice)
    copied = [invoice for invoice, names in wished if kinds.COPY in names]
    refuse_too_many_copies(count=len(copied))
    if copied:
        _refuse_without_pango()
    copies = pdf.render_many(_copy(invoice, kinds.COPY) for invoice in copied)
    for start in range(0, len(wished), CHUNK):
        chunk = wished[start : start + CHUNK]
        stored = _stored([invoice for invoice, _names in chunk])
        for invoice, names in chunk:
            for name in names:
                yield next(copies) if name == kinds.COPY else _one(invoice, stored[invoice.pk], name)


def _stored(invoices: Sequence[Invoice]) -> dict[int, dict[str, bytes]]:
    """The sheets by invoice and kind, drawn now where a crash left none."""
    found: dict[int, dict[str, bytes]] = {invoice.pk: {} for invoice in invoices}
    for key, kind, content in Sheet.objects.filter(invoice__in=invoices).values_list("invoice_id", "kind", "pdf"):
        found[key][kind] = bytes(content)
    for invoice in invoices:
        if _lacks_some(invoice, found[invoice.pk]):
            ensure_drawn(invoice=invoice)
            found[invoice.pk] = {kind: bytes(content) for kind, content in invoice.sheets.values_list("kind", "pdf")}
    return found


def _lacks_some(invoice: Invoice, there: Container[str]) -> bool:
    return kinds.INVOICE not in there or (invoice.is_cancelled and STORNO not in there)


def _one(invoice: Invoice, stored: dict[str, bytes], name: str) -> bytes:
    if name not in stored:
        raise DomainError(_("Invoice %(number)s has no such paper.") % {"number": invoice.number})
    return stored[name]


def _copy(invoice: Invoice, name: str) -> Job:
    frozen = insurer_requests.frozen(invoice=invoice)
    if frozen is None or name == kinds.INVOICE:
        return drawings.letter_job(drawings.letter_of(invoice), copy=True)
    return form.form_job(xml_reading.read(frozen.xml.encode()), copy=True)


def _draw(invoice: Invoice) -> None:
    try:
        invoicing.finish(invoice=invoice)
    except Exception as error:
        log.exception("invoice %s cannot be drawn", invoice.pk)
        sentence = _("Invoice %(number)s cannot be drawn. Leave it out, and tell support.")
        raise DomainError(sentence % {"number": invoice.number}, link=invoice.get_absolute_url()) from error


def _title(rows: Sequence[Invoice]) -> str:
    if len(rows) == 1:
        return _("Invoice %(number)s") % {"number": rows[0].number}
    facts = {"first": rows[0].number, "last": rows[-1].number, "count": len(rows)}
    return _("%(count)s invoices, %(first)s to %(last)s") % facts
