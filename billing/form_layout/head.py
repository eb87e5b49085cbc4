"""What each sheet for an insurer bears at its top, beside the page control code."""

from billing.form_layout.ink import Text, put
from billing.form_words import FORM

TITLE, RELEASE = 13.5, 6.8  # points


def head(language: str, title: str, release: str) -> tuple[Text, ...]:
    """The name of the sheet, its release, whom it is for."""
    words = FORM[language]
    return (
        put(10.0, 12.7, words[title], size=TITLE, line=TITLE, bold=True, room=140),
        put(185.3, 11.3, f"Release 5.0/{release}/{language}", size=RELEASE, line=RELEASE, right=True),
        put(185.3, 15.7, words["to_insurance"], size=RELEASE, line=RELEASE, right=True),
    )
