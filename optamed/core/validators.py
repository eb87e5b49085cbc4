"""Django validators over ``identifiers``: the sentence is translated here, the rule lives there."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from optamed.core import identifiers

# The sentences of the pure module, named once more for the catalogues.
SENTENCES = [
    gettext_noop("An IBAN for the QR-bill begins with CH or LI and has 21 characters."),
    gettext_noop("The check digits of this IBAN are wrong. Compare it with the bank's paper."),
    gettext_noop("This is no valid AVS number: 756.1234.5678.97, the last digit is a check digit."),
    gettext_noop("A GLN has 13 digits."),
    gettext_noop("The check digit of this GLN is wrong."),
    gettext_noop("An RCC number is a letter and six digits, such as A123456."),
    gettext_noop("This is no valid UID: CHE-123.456.788, the last digit is a check digit."),
]


def clean(rule: Callable[[str], str], value: str) -> str:
    """The plain form of a number, or a ValidationError in the user's language."""
    try:
        return rule(value)
    except ValueError as error:
        raise ValidationError(_(str(error))) from error


def iban(value: str) -> None:
    clean(identifiers.clean_iban, value)


def avs(value: str) -> None:
    clean(identifiers.clean_avs, value)


def gln(value: str) -> None:
    clean(identifiers.clean_gln, value)


def rcc(value: str) -> None:
    clean(identifiers.clean_rcc, value)


def uid(value: str) -> None:
    clean(identifiers.clean_uid, value)
