"""Whether the invoices are whole: each byte as it was stored, each number in its row, each paper that belongs to it.

Invoices are kept ten years, unchanged (CO art. 957 ff., Olico art. 9): this is the proof, and reads only.
"""

import hashlib
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from billing import numbering, xml_reading
from billing.document import InvoiceDocument
from billing.models import Cancellation, InsurerRequest, Invoice, Sheet
from billing.xml_rules import RequestError
from optamed.practice.models import Counter

CHUNK = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """``subject`` is the number it is about, ``kind`` one word: paper, xml, document, number or counter."""

    subject: str
    kind: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What was looked at, and what was found."""

    invoices: int
    papers: int
    requests: int
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify() -> Verdict:
    """Read everything once, in chunks. Nothing is mended."""
    papers, requests = _kinds(Sheet), _kinds(InsurerRequest)
    issued = Invoice.objects.exclude(state=Invoice.State.DRAFT)
    found = [
        *_changed_papers(),
        *_changed_requests(),
        *(fault for invoice in _each() for fault in _of_invoice(invoice, papers, requests)),
        *_numbers(),
    ]
    return Verdict(issued.count(), sum(map(len, papers.values())), sum(map(len, requests.values())), found)


def _each() -> Iterator[Invoice]:
    rows = Invoice.objects.exclude(state=Invoice.State.DRAFT).defer("qr_payload").order_by("pk")
    return rows.iterator(chunk_size=CHUNK)


def _kinds(stored: type[Sheet] | type[InsurerRequest]) -> Mapping[int, set[str]]:
    kinds: dict[int, set[str]] = defaultdict(set)
    for invoice, kind in stored.objects.values_list("invoice_id", "kind").iterator():
        kinds[invoice].add(kind)
    return kinds


def _changed_papers() -> Iterator[Fault]:
    rows = Sheet.objects.values_list("invoice__number", "kind", "pdf", "sha256").order_by("pk")
    for number, kind, pdf, sha256 in rows.iterator(chunk_size=CHUNK):
        if hashlib.sha256(pdf).hexdigest() != sha256:
            yield Fault(str(number), "paper", f"{number}: the stored paper ({kind}) is not the one that was issued.")


def _changed_requests() -> Iterator[Fault]:
    for request in InsurerRequest.objects.select_related("invoice").order_by("pk").iterator(chunk_size=CHUNK):
        number = str(request.invoice)
        if hashlib.sha256(request.xml.encode()).hexdigest() != request.sha256:
            yield Fault(number, "xml", f"{number}: the stored XML ({request.kind}) is not the one that was issued.")
        else:
            yield from _unlike_request(request)


def _unlike_request(request: InsurerRequest) -> Iterator[Fault]:
    """Number and amount of the XML against the invoice's photograph."""
    number = str(request.invoice)
    try:
        read = xml_reading.read(request.xml.encode())
        document = InvoiceDocument.from_json(request.invoice.document)
    except (RequestError, ValueError, KeyError, TypeError):
        yield Fault(number, "xml", f"{number}: the stored XML ({request.kind}) cannot be read.")
        return
    if read.number != number:
        yield Fault(number, "xml", f"{number}: the XML ({request.kind}) names the number {read.number}.")
    if read.balance.due != document.amount_due:
        sentence = f"the XML ({request.kind}) asks for {read.balance.due}, the invoice for {document.amount_due}."
        yield Fault(number, "xml", f"{number}: {sentence}")


def _of_invoice(invoice: Invoice, papers: Mapping[int, set[str]], frozen: Mapping[int, set[str]]) -> Iterator[Fault]:
    yield from _missing(invoice, "paper", _papers_of(invoice) - papers.get(invoice.pk, set()))
    yield from _missing(invoice, "xml", _requests_of(invoice) - frozen.get(invoice.pk, set()))
    yield from _unlike_document(invoice)


def _papers_of(invoice: Invoice) -> set[str]:
    kinds = {Sheet.Kind.INVOICE.value}
    if invoice.forms != Invoice.Forms.LETTER:
        kinds |= {Sheet.Kind.FORM.value, Sheet.Kind.ANNEX.value}
    return kinds | {Sheet.Kind.STORNO.value} if invoice.is_cancelled else kinds


def _requests_of(invoice: Invoice) -> set[str]:
    """The insurer's request, and its storno where the invoice was cancelled."""
    if invoice.forms == Invoice.Forms.LETTER:
        return set()
    kinds = {InsurerRequest.Kind.INVOICE.value}
    return kinds | {InsurerRequest.Kind.STORNO.value} if invoice.is_cancelled else kinds


def _missing(invoice: Invoice, kind: str, missing: set[str]) -> Iterator[Fault]:
    if missing:
        what, names = ("papers" if kind == "paper" else "XML"), ", ".join(sorted(missing))
        yield Fault(str(invoice), kind, f"{invoice}: missing {what}: {names}.")


def _unlike_document(invoice: Invoice) -> Iterator[Fault]:
    """The photograph against the columns; a euro invoice is photographed in euros and kept in francs."""
    try:
        document = InvoiceDocument.from_json(invoice.document)
    except (ValueError, KeyError, TypeError):
        yield Fault(str(invoice), "document", f"{invoice}: what was issued cannot be read.")
        return
    if document.number != invoice.number:
        yield Fault(str(invoice), "document", f"{invoice}: it was issued under the number {document.number}.")
    if document.currency != invoice.currency:
        yield Fault(str(invoice), "document", f"{invoice}: it was issued in {document.currency}.")
    elif document.currency == "CHF" and document.total != invoice.total:
        sentence = f"{invoice}: it was issued over {document.total}, and stands in the books with {invoice.total}."
        yield Fault(str(invoice), "document", sentence)


def _numbers() -> Iterator[Fault]:
    """Each series by itself: no gap, none double, none that the counter would give again."""
    labels = Invoice.objects.exclude(number=None).values_list("number", flat=True)
    series: dict[str, list[int]] = defaultdict(list)
    for label in [*labels, *Cancellation.objects.values_list("number", flat=True)]:
        prefix, _dash, digits = str(label).rpartition("-")
        if prefix and digits.isdecimal():
            series[prefix].append(int(digits))
        else:
            yield Fault(str(label), "number", f"{label} is no number of ours.")
    counters = {counter.name: counter for counter in Counter.objects.all()}
    for prefix, serials in sorted(series.items()):
        one = numbering.Series(prefix)
        counter = counters.get(one.counter) or Counter()
        yield from _given_twice(one, serials)
        end = {counter.last + 1} if counter.last > max(serials) else set()
        yield from _missing_numbers(one, sorted({*serials} | end), counter.skipped)
        yield from _counted(one, max(serials), counter.last)


def _given_twice(series: numbering.Series, serials: list[int]) -> Iterator[Fault]:
    for serial, count in Tally(serials).items():
        if count > 1:
            label = series.label(serial)
            yield Fault(label, "number", f"Number {label} was given {count} times.")


def _missing_numbers(series: numbering.Series, known: list[int], skipped: list[numbering.Span]) -> Iterator[Fault]:
    """A series may start anywhere, since a practice may come from another program; inside it nothing is missing,

    but what a later start skipped.
    """
    spans = [(before + 1, after - 1) for before, after in pairwise(known) if after > before + 1]
    for low, high in numbering.unexplained(spans, skipped):
        first, last = series.label(low), series.label(high)
        said = f"Number {first} is missing." if low == high else f"Numbers {first} to {last} are missing."
        yield Fault(first, "number", said)


def _counted(series: numbering.Series, greatest: int, counted: int) -> Iterator[Fault]:
    if counted < greatest:
        label = series.label(greatest)
        sentence = f"The counter of {series.prefix} stands at {counted}, but {label} was given already."
        yield Fault(label, "counter", sentence)
