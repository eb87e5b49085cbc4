"""What is said on the terminal before there is a page to say it on."""

import sys


def say(sentence: str) -> None:
    """At once, so that who waits for a line in a pipe sees it."""
    print(sentence, flush=True)  # noqa: T201


def explain(refusal: Exception) -> None:
    """Why the program does not start, on standard error."""
    print(refusal, file=sys.stderr, flush=True)  # noqa: T201
