"""Questions about patients, in the user's words."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models

from optamed.core.text import fold

if TYPE_CHECKING:  # the models import these questions; ruff does not see the names in the brackets
    from patients.models import Patient  # noqa: F401


class PatientQuerySet(models.QuerySet["Patient"]):
    def active(self) -> "PatientQuerySet":
        return self.filter(archived_at__isnull=True)

    def search(self, words: str) -> "PatientQuerySet":
        """Every word somewhere in name, birth date, phone, e-mail, town or number; accents and case do not count."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found

    def namesakes(self, *, last_name: str, first_name: str, birth_on: date) -> "PatientQuerySet":
        """Files that may be the same person: same birth date and same name, accents aside."""
        key = f" {fold(last_name)} {fold(first_name)} "
        return self.filter(birth_on=birth_on, search_text__contains=key)

    def with_birthday_on(self, days: Iterable[date]) -> "PatientQuerySet":
        """Who has a birthday on one of the days; 29 February is kept on 28 February in common years."""
        wanted = {100 * day.month + day.day for day in days}
        wanted |= {229 for day in days if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1}
        return self.filter(birthday__in=wanted)

    def with_open_amount(self) -> "PatientQuerySet":
        return self.filter(open_amount__gt=0)
