"""What every page of the shell shows, whoever asks for it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from optamed.core import process
from optamed.practice import access
from optamed.practice.models import Practice


@dataclass
class Shell:
    """The practice in the corner of the page. Lazy: a part that htmx asks for pays nothing."""

    request: HttpRequest

    @cached_property
    def practice(self) -> Practice | None:
        return access.practice_of(self.request)

    @property
    def name(self) -> str:
        return self.practice.name if self.practice else "OptaMed"

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    @property
    def can_quit(self) -> bool:
        """Not under a host's own server, where the program is stopped by its host."""
        return process.can_stop()


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
