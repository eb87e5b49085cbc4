"""What the page of an invoice shows, by its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.document import InvoiceDocument
from billing.forms.issuing import IssueForm, offer
from billing.models import Invoice, Sheet
from billing.references import printed
from billing.reports import history, states
from billing.services import photograph, readiness
from optamed.core import dates
from patients import papers

STORNO = Sheet.Kind.STORNO.value


@dataclass(frozen=True, slots=True)
class Tab:
    """A paper of the invoice: ``url`` is the PDF, ``page`` this page with the paper in sight.

    ``dated`` is the query of a draft whose date was typed: its preview is of that day.
    """

    paper: str
    label: str
    url: str
    page: str
    dated: str = ""

    @property
    def shown(self) -> str:
        return f"{self.url}?{self.dated}" if self.dated else self.url

    @property
    def download(self) -> str:
        return f"{self.url}?download&{self.dated}" if self.dated else f"{self.url}?download"


def context_of(request: HttpRequest, shown: Invoice, *, issue_form: IssueForm | None = None) -> dict[str, Any]:
    """Head, papers, sums, payments, history; of a draft what is missing and what was chosen."""
    today = dates.today()
    allocations = history.received_for(shown)
    own = _of_draft(request, shown, issue_form) if shown.is_draft else _of_issued(shown)
    typed = request.POST.get("on") or request.GET.get("on", "")
    dated = urlencode({"on": typed}) if shown.is_draft and typed else ""
    tabs = _tabs(shown, with_form=own["has_form"], dated=dated)
    prefetch_related_objects([shown], "corrected_by")  # the history tells it too
    asked = request.GET.get("paper") or (STORNO if shown.is_cancelled else papers.INVOICE)
    return own | {
        "invoice": shown,
        "badge": states.badge(shown, on=today),
        "overdue": shown.is_overdue(today),
        "reference": printed(shown.reference),
        "visits": shown.consultations.order_by("treated_on", "pk"),
        "allocations": allocations,
        "history": history.of_invoice(shown, allocations, on=today),
        "tabs": tabs,
        "tab": next((tab for tab in tabs if tab.paper == asked), tabs[0]),
        "corrected_by": shown.corrected_by.all(),
    }


def _of_draft(request: HttpRequest, draft: Invoice, issue_form: IssueForm | None) -> dict[str, Any]:
    gaps = readiness.of_invoice(invoice=draft)
    offered = offer(draft, gaps)
    return {
        "blocking": [gap for gap in gaps if gap.blocks],
        "gaps": [gap for gap in gaps if not gap.blocks],
        "offer": offered,
        "has_form": offered.has_form,
        "sends": draft.delivery == draft.Delivery.MAIL and bool(draft.recipient_email),
        "payment_days": photograph.payment_days(draft),
        # A day that stands in the field outlives the reload after a change of the options.
        "issue_form": _followed(draft, issue_form or IssueForm(initial={"on": request.GET.get("on") or dates.today()})),
    }


def _followed(draft: Invoice, form: IssueForm) -> IssueForm:
    """The preview follows the date while it is typed; the button beside it stays as it is."""
    form.fields["on"].widget.attrs |= {
        "hx-get": draft.get_absolute_url(),
        "hx-trigger": "change",
        "hx-include": "#paper-shown",
        "hx-select": "#invoice-paper",
        "hx-target": "#invoice-paper",
        "hx-disabled-elt": "unset",
    }
    return form


def _of_issued(issued: Invoice) -> dict[str, Any]:
    document = InvoiceDocument.from_json(issued.document)
    return {
        "has_form": issued.forms != Invoice.Forms.LETTER,
        "document": document,
        "in_euros": document.currency != "CHF",
    }


def _tabs(shown: Invoice, *, with_form: bool, dated: str) -> Sequence[Tab]:
    labels = {papers.INVOICE: _("QR-bill")}
    if with_form:
        labels |= {papers.FORM: pgettext("paper", "Form"), papers.ANNEX: _("QR sheet")}
    if shown.is_cancelled:
        labels |= {STORNO: _("Counter-document")}
    page, more = shown.get_absolute_url(), f"&{dated}" if dated else ""
    return [
        Tab(paper, label, reverse("billing:paper", args=[shown.pk, paper]), f"{page}?paper={paper}{more}", dated)
        for paper, label in labels.items()
    ]
