"""Tags and filters that every page uses: icons, Swiss formats, navigation. A builtin, so no page needs to load it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template import Library
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from optamed.core import dates, money, navigation, spoken

register = Library()

SPRITE = "vendor/lucide-1.62.0/sprite.svg"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation on this page."""

    item: navigation.Item
    url: str
    current: bool


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, invisible to screen readers: a word always stands beside it, or an aria-label above it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "",
        static(SPRITE),
        name,
    )


@register.filter
def chf(amount: Decimal | int | None) -> str:
    """1’234.50; nothing for None."""
    return "" if amount is None else money.swiss(Decimal(amount))


@register.filter
def day(value: date | datetime | None) -> str:
    """24.11.2026, an instant as the day it has in Zurich."""
    if value is None:
        return ""
    return f"{_local(value):%d.%m.%Y}"


@register.filter
def in_words(value: date | datetime | None) -> str:
    """Tuesday 24 November, in the user's language."""
    return "" if value is None else spoken.day_in_words(_local(value))


@register.filter
def when(value: datetime | None) -> str:
    """24.11.2026 10:07."""
    return "" if value is None else f"{_local(value):%d.%m.%Y %H:%M}"


@register.filter
def clock(value: datetime | time | None) -> str:
    """10:07."""
    return "" if value is None else f"{_local(value) if isinstance(value, datetime) else value:%H:%M}"


def _local(value: date) -> date:
    return dates.local(value) if isinstance(value, datetime) and value.tzinfo else value


@register.simple_tag(takes_context=True)
def places(context: Context, which: str = "places") -> list[Place]:
    """The navigation: ``places``, ``foot``, ``phone`` or ``new``; entries without a page are left away."""
    items: dict[str, Sequence[navigation.Item]] = {
        "places": navigation.PLACES,
        "foot": navigation.FOOT,
        "phone": navigation.PLACES[: navigation.ON_PHONE],
        "new": navigation.NEW,
    }
    path = getattr(context.get("request"), "path", "")
    found = [(item, _url(item.url_name)) for item in items[which]]
    return [Place(item, url, _is_at(url, path) or _is_at(_url(item.leads_to), path)) for item, url in found if url]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_at(url: str, path: str) -> bool:
    return path == url if url in ("/", "") else path.startswith(url)


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """The program's languages, each under its own name."""
    return [
        {"code": code, "name": get_language_info(code)["name_local"].capitalize()} for code, _ in settings.LANGUAGES
    ]


@register.inclusion_tag("components/sort.html", takes_context=True)
def sortable(context: Context, key: str, label: str, classes: str = "", target: str = "") -> dict[str, Any]:
    """A column head that sorts: ``?sort=key``, clicked again ``?sort=-key``; the first page of the rest stays."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    states = {key: "ascending", f"-{key}": "descending"}
    return {
        "url": f"?{query.urlencode()}",
        "label": label,
        "classes": classes,
        "target": target,
        "sorted": states.get(now, ""),
    }


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, for a loop over a fixed few."""
    return text.split()


@register.filter
def iso(value: datetime | None) -> str:
    """An instant for scripts: 2026-11-24T09:56:00+00:00."""
    return "" if value is None else value.isoformat()
