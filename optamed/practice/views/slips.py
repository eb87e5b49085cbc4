"""The sample slip beside a bank account, and what is said of an IBAN while it is typed."""

from dataclasses import dataclass, field

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from optamed.core import identifiers
from optamed.practice.access import owner_required
from optamed.practice.forms.money import AccountForm
from optamed.practice.models import BankAccount, PracticeAddress
from optamed.practice.services import accounts

EXAMPLES = {
    BankAccount.Slip.SCOR: "RF18 5390 0754 7034",
    BankAccount.Slip.QRR: "21 00000 00003 13947 14300 09017",
    BankAccount.Slip.NON: "",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """What the preview shows; ``verdict`` is good, bad or nothing yet, ``sentence`` says it in words."""

    iban: str
    holder: str
    lines: list[str]
    slip: str
    reference: str
    verdict: str
    sentence: str
    code: str = field(repr=False)
    code_size: int


@require_GET
@owner_required
def check(request: HttpRequest) -> HttpResponse:
    """The sample for what stands in the form now; nothing is saved. The choice of references follows the IBAN."""
    slip = sample_of(
        request.GET.get("iban", ""), request.GET.get("holder", ""), request.GET.get("slip", ""), _address()
    )
    form = AccountForm(initial={"slip": slip.slip})
    context = {"slip": slip, "form": form, "chosen_anew": slip.slip != request.GET.get("slip")}
    return render(request, "practice/slip_check.html", context)


def sample(form: AccountForm, address: PracticeAddress | None) -> Sample:
    """The sample for a form, as typed or as saved."""
    iban, holder, slip = (str(form[name].value() or "") for name in ("iban", "holder", "slip"))
    return sample_of(iban, holder, slip, address)


def sample_of(iban: str, holder: str, slip: str, address: PracticeAddress | None) -> Sample:
    wished = slip if slip in BankAccount.Slip.values else BankAccount.Slip.SCOR
    verdict, sentence, plain = _judge(iban, wished)
    kind = accounts.slip_for(plain, wished) if plain else wished
    code = segno.make(_("Example, do not pay"), error="m", version=10, boost_error=False)
    return Sample(
        iban=identifiers.format_iban(plain or "CH0000000000000000000"),
        holder=holder or _("Name of the practice"),
        lines=[address.street_line, address.town_line] if address else [],
        slip=kind,
        reference=EXAMPLES[BankAccount.Slip(kind)],
        verdict=verdict,
        sentence=sentence,
        code=_path(code),
        code_size=len(code.matrix),
    )


def _judge(iban: str, wished: str) -> tuple[str, str, str]:
    if not iban.strip():
        return "", "", ""
    try:
        plain = identifiers.clean_iban(iban)
    except ValueError as error:
        return "bad", _(str(error)), ""
    if identifiers.is_qr_iban(plain):
        return "good", _("Valid QR-IBAN. Each payment carries a QR reference."), plain
    if wished == BankAccount.Slip.QRR:
        return "good", _("Valid IBAN, ordinary account. A QR reference needs the QR-IBAN of your bank."), plain
    return "good", _("Valid IBAN, ordinary account."), plain


def _path(code: segno.QRCode) -> str:
    """The dark modules as one SVG path, a unit each."""
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module)


def _address() -> PracticeAddress | None:
    return PracticeAddress.objects.active().first()
