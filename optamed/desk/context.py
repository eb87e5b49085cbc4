"""What the rail counts from the far right of the house: messages in trouble."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest

from mailing.models import Message


def trouble(request: HttpRequest) -> dict[str, Any]:
    """``messages_failed``, asked only by a page that shows it, and once."""
    if not request.user.is_authenticated:
        return {}
    count: Callable[[], int] = cache(Message.objects.troubled().count)
    return {"messages_failed": count}
