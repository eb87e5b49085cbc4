"""Papers that leave: which of them for whom, many invoices as one PDF, and what is on paper already."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from billing import papers as kinds
from billing import xml_reading
from billing.models import InsurerRequest, Invoice, InvoiceSettings
from billing.querysets import InvoiceQuerySet
from billing.services import cancelling, invoicing
from billing.services import papers as drawings
from billing.services.sheets import form
from optamed.core import binding, dates, pdf
from optamed.core.errors import DomainError
from optamed.core.pdf import Job
from optamed.journal import services as journal
from optamed.practice.models import User

Channel = Literal["mail", "print"]
MOST = 500  # invoices in one PDF, and changed at once
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
    """A stored sheet byte for byte, drawn first where a crash left none; a copy is drawn from what was frozen.

    ``paper`` is invoice, form, annex, storno, or copy: the form marked as a copy, the letter where there is no form.
    DomainError for a draft, and for a paper that this invoice does not have.
    """
    _refuse_draft(invoice)
    if copy or paper == kinds.COPY:
        job = _copy(invoice, paper)
        _refuse_without_pango()
        return pdf.render(job.html, css=job.css)
    return _one(invoice, _stored(invoice), paper)


def bundle(*, invoices: Iterable[Invoice], papers: Sequence[str] | None = None) -> bytes:
    """One PDF in page order, invoice after invoice as they come: what each is printed with, or the ``papers`` named.

    DomainError for none, for more than 500, for a draft among them.
    """
    rows = list(invoices)
    refuse_too_many(count=len(rows))
    settings = InvoiceSettings.current()
    sheets: list[bytes] = []
    for invoice in rows:
        usual = papers_of(invoice=invoice, channel="print", of_practice=settings)
        sheets += _sheets(invoice, _had(invoice, papers) if papers else usual)
    return binding.bind(sheets, title=_title(rows))


def merged(sheets: Sequence[bytes], *, title: str) -> bytes:
    """Several papers as one PDF; a single one stays as it is, byte for byte."""
    if len(sheets) == 1:
        return sheets[0]
    return binding.bind(sheets, title=title)


def for_mail(*, invoice: Invoice) -> tuple[bytes | None, bytes | None]:
    """What is attached: the letter, and the insurer's papers as one PDF; None for what is not wished."""
    _refuse_draft(invoice)
    wished = papers_of(invoice=invoice, channel="mail")
    letters = _sheets(invoice, [name for name in wished if name == kinds.INVOICE])
    others = _sheets(invoice, [name for name in wished if name != kinds.INVOICE])
    title = str(invoice.number)
    return (merged(letters, title=title) if letters else None), (merged(others, title=title) if others else None)


def ensure_drawn(*, invoice: Invoice) -> None:
    """Draw the sheets that a crash left undrawn. DomainError where this computer cannot draw."""
    there = set(invoice.sheets.values_list("kind", flat=True))
    if kinds.INVOICE not in there or (invoice.is_cancelled and STORNO not in there):
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


def _had(invoice: Invoice, named: Sequence[str]) -> tuple[str, ...]:
    """Of the named ones those that this invoice has; the letter where it has none of them."""
    only = kinds.ORDER if invoice.forms != Invoice.Forms.LETTER else (kinds.INVOICE, kinds.COPY)
    return tuple(paper for paper in only if paper in named) or (kinds.INVOICE,)


def _each(invoices: InvoiceQuerySet, change: dict[str, object], verb: str, by: User | None) -> int:
    """Change each of them, with its entry in the journal."""
    rows = list(invoices.order_by("pk")[: MOST + 1])
    _refuse_more(len(rows))
    for invoice in rows:
        Invoice.objects.filter(pk=invoice.pk).update(**change)
        journal.record(verb=verb, subject=invoice, by=by)
    return len(rows)


def _refuse_more(count: int) -> None:
    if count > MOST:
        raise DomainError(_("At most 500 invoices are changed at a time. Choose fewer, or a shorter period."))


def _refuse_draft(invoice: Invoice) -> None:
    if invoice.is_draft:
        raise DomainError(_("A draft has no papers yet. Issue the invoice first."))


def _refuse_without_pango() -> None:
    if pdf.available():
        raise DomainError(_("The paper of this invoice cannot be drawn on this computer yet."))


def _stored(invoice: Invoice) -> dict[str, bytes]:
    """The sheets by kind, drawn now where a crash left none."""
    ensure_drawn(invoice=invoice)
    return {kind: bytes(content) for kind, content in invoice.sheets.values_list("kind", "pdf")}


def _sheets(invoice: Invoice, wished: Sequence[str]) -> list[bytes]:
    if not wished:
        return []
    _refuse_draft(invoice)
    stored = _stored(invoice)
    return [
        paper(invoice=invoice, paper=name) if name == kinds.COPY else _one(invoice, stored, name) for name in wished
    ]


def _one(invoice: Invoice, stored: dict[str, bytes], name: str) -> bytes:
    if name not in stored:
        raise DomainError(_("Invoice %(number)s has no such paper.") % {"number": invoice.number})
    return stored[name]


def _copy(invoice: Invoice, name: str) -> Job:
    frozen = invoice.requests.filter(kind=InsurerRequest.Kind.INVOICE).first()
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
