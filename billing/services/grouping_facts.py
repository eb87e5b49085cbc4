"""What decides whether visits go on one invoice, read from the visit, and said in the user's words."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.consultations.models import Consultation
from billing import grouping

NAMES = {
    "therapist": gettext_lazy("therapist"),
    "address": gettext_lazy("address of the practice"),
    "law": gettext_lazy("law"),
    "reason": gettext_lazy("reason of treatment"),
    "accident_on": gettext_lazy("date of accident"),
    "case_no": gettext_lazy("case number"),
    "reimbursement": gettext_lazy("reimbursement"),
    "contract_no": gettext_lazy("contract number"),
    "approval_no": gettext_lazy("number of the cost approval"),
    "approval_on": gettext_lazy("date of the cost approval"),
    "therapy": gettext_lazy("therapy"),
    "vat": gettext_lazy("VAT of the therapist"),
    "tariff": gettext_lazy("version of the tariff"),
}
# Read straight from the visit; a blank is as good a value as any other.
COLUMNS = (
    "law", "reason", "accident_on", "case_no", "reimbursement", "contract_no", "approval_no", "approval_on", "therapy",
)  # fmt: skip


def facts_of(visit: Consultation) -> grouping.Facts:
    """The values that ``grouping`` compares. Prefetch ``lines__position`` where many visits are asked."""
    return {
        "therapist": visit.therapist_id,
        "address": tuple(sorted(visit.address_text.items())),
        "vat": visit.therapist.vat,
        "tariff": frozenset((line.code, line.position.version) for line in visit.lines.all() if line.position),
        **{name: getattr(visit, name) for name in COLUMNS},
    }


def named(differing: Sequence[str]) -> str:
    """The attributes as a list of words: law, therapy."""
    return ", ".join(str(NAMES[name]) for name in differing)


def shown(visit: Consultation, name: str) -> str:
    """The value of an attribute as the user knows it; a dash where it is blank."""
    return _known(visit).get(name) or _plain(visit, name) or "–"


def _known(visit: Consultation) -> Mapping[str, str]:
    versions = {line.position.version for line in visit.lines.all() if line.position}
    return {
        "therapist": str(visit.therapist),
        "address": _place(visit.address_text),
        "law": str(visit.get_law_display()),
        "reason": str(visit.get_reason_display()),
        "reimbursement": str(visit.get_reimbursement_display()),
        "vat": _("liable") if visit.therapist.vat == visit.therapist.Vat.LIABLE else _("exempt"),
        "tariff": ", ".join(sorted(versions)),
    }


def _place(address: Mapping[str, str]) -> str:
    """Name, street and town: two addresses of one practice may differ in either of them."""
    street = f"{address.get('street', '')} {address.get('house_no', '')}".strip()
    town = f"{address.get('postcode', '')} {address.get('town', '')}".strip()
    return ", ".join(part for part in (address.get("name", ""), street, town) if part)


def _plain(visit: Consultation, name: str) -> str:
    value = getattr(visit, name, "") or ""
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)
