"""The books for the accountant, and what patients paid in a year for their tax returns."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from billing import bookkeeping
from billing.bookkeeping import DEFAULTS, Account, Method
from billing.forms import lists
from billing.forms.books import AccountsForm, LeastForm, PeriodForm
from billing.reports import books as reports
from billing.reports import statements as yearly
from billing.services import books as services
from billing.services import printing
from billing.services.sheets import statement as sheet
from billing.views import books_excel
from billing.views.answers import pdf_answer
from optamed.core import dates, pdf, reading, zipping
from optamed.core.errors import DomainError
from optamed.core.htmx import page
from optamed.practice.access import user_of
from patients.access import patient_for
from patients.models import Patient

KEPT = "books"  # in the session: the method and the accounts, as they were last typed
LISTED = {name for name, _label in lists.PERIODS if name}  # the periods that the list of payments knows too
SHOWN = 50  # entries on the page; the files have all
PDF, ZIP = "pdf", "zip"


def _kept(request: HttpRequest) -> dict[str, str]:
    kept = request.session.get(KEPT, {})
    usual = {"method": Method.AGREED.value} | {account.value: number for account, number in DEFAULTS.items()}
    return usual | {name: str(value) for name, value in kept.items()}


def _book(request: HttpRequest, period: PeriodForm) -> reports.Book:
    first, last = period.span
    method = Method(_kept(request)["method"])
    return reports.book(first=first, last=last, method=method, with_names="names" in request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def books(request: HttpRequest) -> HttpResponseBase:
    """What was invoiced and received in a period, by account. A POST keeps the method and the accounts."""
    accounts = AccountsForm(request.POST or None, initial=_kept(request))
    if request.method == "POST" and accounts.is_valid():
        request.session[KEPT] = {"method": accounts.cleaned_data["method"], **accounts.numbers}
        messages.success(request, _("The accounts are kept until you sign out."))
        return redirect(request.get_full_path())
    period = PeriodForm(request.GET)
    context = _page_of(request, period) | {"accounts": accounts}
    return page(request, "billing/books.html", context, partial="books", status=422 if accounts.is_bound else 200)


def _page_of(request: HttpRequest, period: PeriodForm) -> dict[str, Any]:
    book, kept = _book(request, period), _kept(request)
    numbers = {account: kept[account] for account in Account}
    entries = list(bookkeeping.rows(book.postings, numbers))
    span = {"first_on": f"{book.first:%d.%m.%Y}", "last_on": f"{book.last:%d.%m.%Y}"}
    return {
        "book": book,
        "period": PeriodForm(initial={"first_on": book.first, "last_on": book.last}) if period.is_valid() else period,
        "method": kept["method"],
        "chips": _chips(period.named),
        "span": span,
        "invoices_query": urlencode({**span, "hidden": "on"}),
        "payments_query": urlencode({"period": period.named}) if period.named in LISTED else "",
        "turnover": book.standing.amount + book.voided.amount - book.cancelled.amount,
        "balances": [(numbers[one.account], services.NAMES[one.account], one) for one in book.balances],
        "entries": entries[:SHOWN],
        "more": max(len(entries) - SHOWN, 0),
    }


def _chips(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?{urlencode({'period': name})}", "current": name == current, "count": None}
        for name, label in lists.SPANS.items()
    ]


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The journal of a period for Excel, Banana, Crésus or any other program; our numbers, names only if ticked."""
    book, kept = _book(request, PeriodForm(request.GET)), _kept(request)
    printing.note_export(what="books", by=user_of(request))
    numbers = {account: kept[account] for account in Account}
    wanted, base = request.GET.get("format", ""), f"optamed-{book.first}-{book.last}"
    if wanted == "banana":
        return _file(bookkeeping.banana(book.postings, numbers), f"{base}-banana.txt", "text/tab-separated-values")
    if wanted == "cresus":
        return _file(bookkeeping.cresus(book.postings, numbers), f"{base}-cresus.txt", "text/plain")
    if wanted == "csv":
        headings = books_excel.journal_headings()
        return _file(bookkeeping.plain(book.postings, numbers, headings), f"{base}.csv", "text/csv")
    return books_excel.answer(book, numbers, with_names="names" in request.GET, filename=f"{base}.xlsx")


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """What a patient paid in a year; ``?pdf`` is the letter, ``?pdf&download`` saves it."""
    patient = patient_for(request, pk)
    years = yearly.years(patient)
    asked = reading.key(request.GET.get("year"))
    year = asked if asked in years else next(iter(years), None)
    if year and PDF in request.GET:
        return _paper(request, patient, year)
    look, _pictures = yearly.letterhead()
    context = {
        "patient": patient,
        "tab": "invoices",
        "year": year,
        "chips": [{"label": one, "url": f"?year={one}", "current": one == year, "count": None} for one in years],
        "statement": yearly.of_patient(patient, year, look=look) if year else None,
    }
    return page(request, "billing/statement.html", context, partial="statement")


def _paper(request: HttpRequest, patient: Patient, year: int) -> HttpResponse:
    _refuse_without_pango()
    look, pictures = yearly.letterhead()
    drawn = sheet.render(yearly.of_patient(patient, year, look=look), pictures=pictures)
    services.note_statement(patient=patient, by=user_of(request))
    return pdf_answer(drawn, _name(patient, year), inline="download" not in request.GET)


def _refuse_without_pango() -> None:
    if missing := pdf.available():
        raise DomainError(_(missing))


def _name(patient: Patient, year: int) -> str:
    """Our number alone: a file's name travels far."""
    return f"{patient.number_label}-{year}.pdf"


@require_GET
def statements(request: HttpRequest) -> HttpResponseBase:
    """Everybody who paid in a year; ``?file=pdf`` or ``zip`` draws the letters of all of them."""
    years = yearly.years()
    asked = reading.key(request.GET.get("year"))
    year = asked if asked in years else next(iter(years), dates.today().year)
    least = LeastForm(request.GET)
    payers = yearly.payers(year, at_least=least.amount)
    wanted = request.GET.get("file", "")
    if payers and wanted in (PDF, ZIP):
        return _all(request, payers, year, wanted)
    typed = {"least": request.GET.get("least", "")}
    context = {
        "year": year,
        "least": least,
        "payers": payers,
        "total": sum(payer.amount for payer in payers),
        "chips": [
            {"label": one, "url": f"?{urlencode({'year': str(one), **typed})}", "current": one == year, "count": None}
            for one in years
        ],
    }
    return page(request, "billing/statements.html", context, partial="statements")


def _all(request: HttpRequest, payers: list[yearly.Payer], year: int, wanted: str) -> HttpResponseBase:
    """The ZIP is sent while it is drawn, so the browser shows how far it is; one PDF comes as a whole."""
    _refuse_without_pango()
    services.note_statements(by=user_of(request))
    drawn = _drawn(payers, year)
    if wanted == PDF:
        letters = [letter for _payer, letter in drawn]
        title = _("Treatment costs paid in %(year)s") % {"year": year}
        return pdf_answer(printing.merged(letters, title=title), f"optamed-{year}.pdf", inline=False)
    members = ((_name(payer.patient, year), letter) for payer, letter in drawn)
    response = StreamingHttpResponse(zipping.packed(members), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="optamed-{year}.zip"'
    return response


def _drawn(payers: list[yearly.Payer], year: int) -> Iterator[tuple[yearly.Payer, bytes]]:
    look, pictures = yearly.letterhead()
    jobs = (
        sheet.statement_job(yearly.of_patient(payer.patient, year, look=look), pictures=pictures) for payer in payers
    )
    return zip(payers, pdf.render_many(jobs), strict=True)
