"""What a paper is called when it leaves: our number, and of that only what every system takes in a file's name."""

import re

ENDING = ".pdf"


def of_invoice(number: str | None, pk: int, *, ending: str = ENDING) -> str:
    """F-00042.pdf, or draft-7.pdf where there is no number yet."""
    return f"{re.sub(r'[^A-Za-z0-9-]', '_', number or f'draft-{pk}')}{ending}"
