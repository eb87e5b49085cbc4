"""The directory of patients: what was asked, what was found, how much of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from optamed.core import reading
from optamed.core.sums import total
from patients.models import Patient
from patients.querysets import PatientQuerySet

PAGE = 50
SORTS = {
    "name": ("search_text",),
    "number": ("number",),
    "birth": ("birth_on", "search_text"),
    "town": ("town", "search_text"),
    "visit": ("last_visit_on", "search_text"),
    "open": ("open_amount", "search_text"),
}
ACTIVE = Q(archived_at__isnull=True)
STATES = {"all": ACTIVE, "open": Q(open_amount__gt=0), "archived": ~ACTIVE}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list's address asks for; whatever makes no sense falls back to everything, by name."""

    words: str = ""
    state: str = "all"
    sort: str = "name"

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            words=reading.words(query.get("q")),
            state=state if state in STATES else "all",
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    def found(self) -> PatientQuerySet:
        first, *rest = SORTS[self.sort.removeprefix("-")]
        order = [f"-{first}" if self.sort.startswith("-") else first, *rest, "pk"]
        return Patient.objects.search(self.words).filter(STATES[self.state]).order_by(*order)

    def figures(self) -> dict[str, Any]:
        """How many of each state hold these words, and in ``owed`` what those of the asked state owe, in CHF."""
        counts = {state: Count("pk", filter=chosen) for state, chosen in STATES.items()}
        owed = total("open_amount", only=STATES[self.state])
        return Patient.objects.search(self.words).aggregate(**counts, owed=owed)


def headings() -> list[str]:
    """The columns of the export, in the user's language."""
    return [
        _("Number"),
        _("Last name"),
        _("First name"),
        _("Birth date"),
        _("Street"),
        _("Postcode"),
        _("Town"),
        _("Canton"),
        _("Country"),
        _("Phone"),
        _("Mobile"),
        _("E-mail"),
        _("Insurer"),
        _("Insured number"),
        _("Language"),
        _("Last visit"),
        _("Open (CHF)"),
    ]


def rows(patients: PatientQuerySet) -> Iterator[Sequence[Any]]:
    """The lines of the export, read in chunks."""
    for one in patients.iterator(chunk_size=2000):
        yield (
            one.number_label,
            one.last_name,
            one.first_name,
            one.birth_on,
            one.street_line,
            one.postcode,
            one.town,
            one.canton,
            one.country,
            one.phone,
            one.mobile,
            one.email,
            one.insurer,
            one.insured_no,
            one.language,
            one.last_visit_on,
            one.open_amount,
        )
