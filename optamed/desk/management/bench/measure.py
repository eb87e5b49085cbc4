"""What is measured: the real pages through the whole stack, the real verbs."""

import statistics
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agenda.calendar import reports as calendar_reports
from agenda.consultations.models import Consultation
from agenda.consultations.services import visits
from agenda.consultations.services.lines import LineInput
from billing.models import BillingRun, Invoice, RunItem
from billing.services import bulk, drafting, invoicing
from optamed.core import dates
from optamed.desk.management.bench import build
from patients.models import Patient

PAGES = {
    "today": ("desk:today", "", 50),
    "patients, 50 rows": ("patients:list", "", 50),
    "patients, sorted": ("patients:list", "?sort=-last_visit_on", 50),
    "patients, as you type": ("patients:list", "?q=tavernay+mar", 30),
    "search palette": ("desk:search", "?q=tavernay", 100),
    "consultations": ("consultations:list", "", 50),
    "consultations, not invoiced": ("consultations:list", "?state=billable", 50),
    "invoices": ("billing:invoices", "", 50),
    "invoices, open": ("billing:invoices", "?state=open", 50),
    "invoices, as you type": ("billing:invoices", "?q=tavernay", 50),
    "payments": ("billing:payments", "", 50),
    "statistics of a year": ("desk:statistics", "", 300),
}
FILE_TABS = {
    "patient, overview": "patients:patient",
    "patient, appointments": "calendar:of-patient",
    "patient, consultations": "consultations:of-patient",
    "patient, invoices": "billing:of-patient",
}
MANY = 100
PART_HEADERS = {"HX-Request": "true"}


@dataclass(frozen=True)
class Figure:
    """Milliseconds; ``budget`` from docs/speed.md."""

    name: str
    median: int
    p95: int
    queries: int
    budget: int

    @property
    def holds(self) -> bool:
        return self.median <= self.budget

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"holds": self.holds}


def all_figures(*, runs: int) -> Iterator[Figure]:
    """Every page and verb, warm: the first call is not counted."""
    client = Client(headers={"host": "localhost"})
    client.force_login(build.owner(), backend="django.contrib.auth.backends.ModelBackend")
    for name, (url, query, budget) in PAGES.items():
        part = PART_HEADERS if "as you type" in name or name == "search palette" else {}
        yield figure(name, lambda u=url, q=query, h=part: _get(client, reverse(u) + q, h), budget, runs)  # type: ignore[misc]
    patient = Patient.objects.order_by("pk")[7]
    for name, url in FILE_TABS.items():
        yield figure(name, lambda u=url: _get(client, reverse(u, args=[patient.pk])), 50, runs)  # type: ignore[misc]
    yield figure("week of five therapists", lambda: _get(client, _week()), 40, runs)
    yield figure("free times of 60 days", _proposals, 100, runs)
    yield figure("issue an invoice with its three sheets", _issue, 700, max(runs // 3, 3))
    yield _bulk()


def figure(name: str, call: Callable[[], object], budget: int, runs: int) -> Figure:
    """Median and 95th percentile of ``runs`` calls, in milliseconds."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    queries = len(captured)  # read at once: the next request forgets them
    taken = []
    for _ in range(runs):
        start = clock.perf_counter()
        call()
        taken.append((clock.perf_counter() - start) * 1000)
    p95 = sorted(taken)[min(len(taken) - 1, round(len(taken) * 0.95))]
    return Figure(name, round(statistics.median(taken)), round(p95), queries, budget)


def _get(client: Client, url: str, headers: dict[str, str] | None = None) -> None:
    answer = client.get(url, headers=headers or {})
    if answer.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(f"{url} answered {answer.status_code}")


def _week() -> str:
    monday = dates.week_of(dates.today())[0]
    return f"{reverse('calendar:events')}?start={monday}&end={monday + timedelta(days=7)}"


def _proposals() -> None:
    """A therapist without a free minute: all 60 days are looked at."""
    visit = Consultation.objects.select_related("appointment__type", "therapist", "address").order_by("-pk")[0]
    appointment = visit.appointment
    if appointment is None:
        raise RuntimeError("no appointment to look from")
    calendar_reports.proposals(
        therapist=visit.therapist, type=appointment.type, after_day=dates.today(), around=time(10), count=60
    )


def _issue() -> None:
    last = Consultation.objects.select_related("patient", "therapist", "address").order_by("-pk")[0]
    visit = _done_today(last)
    draft: Invoice = drafting.draft(patient=last.patient, consultations=[visit], by=build.owner())
    invoicing.issue(invoice=draft, on=dates.today(), by=build.owner())


def _bulk() -> Figure:
    """A run over a hundred patients, from start to the last sheet, once."""
    by = build.owner()
    earlier = Consultation.objects.select_related("patient", "therapist", "address").order_by("patient", "-pk")
    for visit in list({one.patient_id: one for one in earlier[:2000]}.values())[:MANY]:
        _done_today(visit)
    run = bulk.propose(first_day=dates.today(), last_day=dates.today(), on=dates.today(), by=by)
    BillingRun.objects.filter(pk=run.pk).update(state=BillingRun.State.RUNNING)
    start = clock.perf_counter()
    bulk.work(run_id=run.pk)
    taken = round((clock.perf_counter() - start) * 1000)
    issued = run.items.filter(state=RunItem.State.ISSUED).count()
    return Figure(f"{issued} invoices in bulk", taken, taken, 0, 40_000)


def _done_today(like: Consultation) -> Consultation:
    """Another visit like an earlier one."""
    by = build.owner()
    visit = visits.open_free(
        patient=like.patient, therapist=like.therapist, address=like.address, treated_on=dates.today(), by=by
    )
    lines = [
        LineInput(Decimal(9), "1203", unit_price=Decimal(12)),
        LineInput(Decimal(2), "1200", unit_price=Decimal(12)),
    ]
    visits.set_lines(consultation=visit, lines=lines, by=by)
    return visits.close(consultation=visit, by=by)
