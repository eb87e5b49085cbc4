"""From a key to words: what happened, why, and what to do, in the words of the provider where it has its own."""

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from mailing.advice.general import GENERAL, Advice, Text
from mailing.advice.providers import PROVIDERS

__all__ = ["Advice", "advice", "as_sentence", "steps_html"]


def advice(key: str, *, preset: str = "") -> Advice:
    """The advice for a key. All stages of "timeout.…" and "dropped.…" share one; an unknown key has a last resort."""
    known = PROVIDERS.get((key, preset)) or GENERAL.get(key)
    return known or GENERAL.get(key.partition(".")[0]) or GENERAL["perm.other"]


def as_sentence(found: Advice) -> str:
    """Everything in a row, for the command line."""
    parts = [str(found.title), str(found.cause), *(str(step).replace("{link}", found.link) for step in found.steps)]
    return " ".join(part if part.endswith((".", "!", "?")) or part == found.link else f"{part}." for part in parts)


def steps_html(found: Advice) -> list[SafeString]:
    """The steps with their link."""
    return [_with_link(step, found.link) for step in found.steps]


def _with_link(step: Text, link: str) -> SafeString:
    shown = link.removeprefix("https://").removeprefix("www.")
    anchor = format_html('<a href="{}" target="_blank" rel="noreferrer">{}</a>', link, shown)
    before, mark, after = str(step).partition("{link}")
    if not mark:
        return conditional_escape(before)
    return format_html("{}{}{}", before, anchor, after)
