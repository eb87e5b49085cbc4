"""The list of consultations, and the timeline of a patient."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from agenda.calendar.models import Appointment
from agenda.consultations.models import Consultation
from agenda.consultations.querysets import ConsultationQuerySet
from optamed.core import dates, reading
from optamed.core.sums import total
from optamed.core.text import fold
from patients.models import Patient

PAGE = 50
ON_TIMELINE = 20
SORTS = {
    "number": ("number",),
    "day": ("treated_on", "pk"),
    "patient": ("patient__search_text", "pk"),
    "amount": ("amount", "pk"),
}
BILLABLE = Q(state=Consultation.State.CLOSED, billing_state=Consultation.Billing.FREE, amount__gt=0)
STATES = {
    "all": Q(),
    "open": Q(state=Consultation.State.OPEN),
    "billable": BILLABLE,
    "billed": Q(billing_state=Consultation.Billing.BILLED),
}
NUMBER = re.compile(r"(?:c-)?0*(\d{1,9})", re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list's address asks for; whatever makes no sense falls back to everything, newest first."""

    words: str = ""
    state: str = "all"
    sort: str = "-day"

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            words=reading.words(query.get("q")),
            state=state if state in STATES else "all",
            sort=sort if sort.removeprefix("-") in SORTS else "-day",
        )

    def _worded(self) -> ConsultationQuerySet:
        """Every word in what is searched of the patient, or the consultation's own number."""
        found = Consultation.objects.all()
        for word in fold(self.words).split():
            here = Q(patient__search_text__contains=word)
            if number := NUMBER.fullmatch(word):
                here |= Q(number=int(number[1]))
            found = found.filter(here)
        return found

    def found(self) -> ConsultationQuerySet:
        back = "-" if self.sort.startswith("-") else ""
        order = [f"{back}{column}" for column in SORTS[self.sort.removeprefix("-")]]
        return self._worded().filter(STATES[self.state]).for_lists().order_by(*order)

    def figures(self) -> dict[str, Any]:
        """How many of each state hold these words, and in ``sum`` what those of the asked state are worth, in CHF."""
        counts = {state: Count("pk", filter=chosen) if chosen else Count("pk") for state, chosen in STATES.items()}
        return self._worded().aggregate(**counts, sum=total("amount", only=STATES[self.state] or None))


def headings() -> list[str]:
    """The columns of the export, in the user's language."""
    return [
        _("Number"),
        _("Date"),
        _("Patient no."),
        _("Patient"),
        _("Therapist"),
        _("State"),
        _("Invoice"),
        _("Amount (CHF)"),
    ]


def rows(found: ConsultationQuerySet) -> Iterator[Sequence[Any]]:
    """The lines of the export, read in chunks; nothing clinical."""
    for visit in found.iterator(chunk_size=2000):
        yield (
            visit.number_label,
            visit.treated_on,
            visit.patient.number_label,
            visit.patient.list_name,
            str(visit.therapist),
            visit.get_state_display(),
            visit.get_billing_state_display(),
            visit.amount,
        )


def timeline(patient: Patient) -> list[Consultation]:
    """The patient's newest visits with their notes, which only those who may read are shown."""
    return list(Consultation.objects.of(patient).select_related("note", "therapist").newest_first()[:ON_TIMELINE])


def current_visit(patient: Patient) -> Appointment | None:
    """Today's appointment that is still open: who has arrived first, then the next by the clock."""
    today = Appointment.objects.of(patient).on_day(dates.today()).for_lists()
    waiting = [visit for visit in today.order_by("starts_at") if visit.is_open]
    return min(waiting, key=lambda visit: visit.state != Appointment.State.ARRIVED, default=None)


def next_visit(patient: Patient) -> Appointment | None:
    """The next standing appointment after now."""
    later = Appointment.objects.of(patient).standing().filter(starts_at__gt=dates.now() - timedelta(minutes=1))
    return later.for_lists().order_by("starts_at").first()


def plain(text: str) -> str:
    """A note's words without its markup: "<div>a<br>b</div>" → "a b"."""
    return " ".join(html.unescape(TAG.sub(" ", text)).split())
