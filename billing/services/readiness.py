"""What is missing before an invoice leaves: what makes it wrong blocks, what only an insurer would refuse is told."""

from dataclasses import dataclass
from enum import IntEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import Invoice, InvoiceSettings
from billing.services import photograph
from optamed.practice import insurers
from optamed.practice.models import TariffPosition
from patients.models import Patient


class Level(IntEnum):
    """The worst first."""

    BLOCKS = 0  # the invoice itself would be wrong
    NO_FORM = 1  # the insurer's form cannot be made
    PLACEHOLDER = 2  # the standard has a number that stands for the missing one
    REFUSED = 3  # the form is made as it is; an insurer will send it back


@dataclass(frozen=True)
class Gap:
    """A sentence, the page that mends it, and what it costs."""

    sentence: str
    link: str
    level: Level

    @property
    def blocks(self) -> bool:
        return self.level == Level.BLOCKS


def missing(*, consultation: Consultation) -> list[Gap]:
    """The gaps of a visit's invoice, blocking ones first."""
    gaps = [*_of_the_visit(consultation), *_of_the_practice(consultation), *_of_the_patient(consultation)]
    return sorted(gaps, key=lambda gap: gap.level)


def of_invoice(*, invoice: Invoice) -> list[Gap]:
    """Those of all its visits, each sentence once."""
    visits = invoice.consultations.filter(billed__live=True).select_related(
        "patient", "therapist__account", "address__account"
    )
    found = dict.fromkeys(gap for visit in visits for gap in missing(consultation=visit))
    return sorted(found, key=lambda gap: gap.level)


def forms_for(*, invoice: Invoice, gaps: list[Gap] | None = None) -> str:
    """Which papers are made: what was wished, as far as it can be made. In francs alone: the standard knows no euros.

    Where the insurer's form has gaps and nobody chose, the practice's settings say what happens.
    """
    forms = Invoice.Forms
    if invoice.forms == forms.LETTER or invoice.currency != "CHF":
        return forms.LETTER
    levels = {gap.level for gap in (of_invoice(invoice=invoice) if gaps is None else gaps)}
    if levels & {Level.BLOCKS, Level.NO_FORM}:
        return forms.LETTER
    if Level.PLACEHOLDER not in levels:
        return forms.FULL
    return forms.PLACEHOLDERS if invoice.forms == forms.PLACEHOLDERS else InvoiceSettings.current().when_incomplete


def _of_the_visit(visit: Consultation) -> list[Gap]:
    page = visit.get_absolute_url()
    gaps = []
    if not visit.lines.exists():
        gaps.append(Gap(_("No services yet."), page, Level.BLOCKS))
    if photograph.account_for(therapist=visit.therapist, address=visit.address) is None:
        sentence = _("There is no bank account yet, so the invoice has no QR-bill.")
        gaps.append(Gap(sentence, reverse("practice:accounts"), Level.BLOCKS))
    return gaps + [
        Gap(
            _("Code %(code)s was closed on %(day)s.") % {"code": code, "day": f"{visit.treated_on:%d.%m.%Y}"},
            page,
            Level.REFUSED,
        )
        for code in _closed_codes(visit)
    ]


def _closed_codes(visit: Consultation) -> list[str]:
    """Codes of the tariff that do not hold on the day of treatment (Tarif 590, valid from and to)."""
    used = set(visit.lines.filter(tariff="590").values_list("code", flat=True))
    valid = TariffPosition.objects.valid_on(visit.treated_on).filter(code__in=used).values_list("code", flat=True)
    return sorted(used - set(valid) - {""})


def _of_the_practice(visit: Consultation) -> list[Gap]:
    """RCC, GLN(P), GLN(L) and canton: form 5.0 asks for them (generalInvoiceRequest 5.0, providerGLN)."""
    who = {"therapist": visit.therapist, "place": visit.address_text.get("town", "")}
    therapists, addresses = reverse("practice:therapists"), reverse("practice:addresses")
    wanted = [
        (
            photograph.rcc_of(visit),
            Gap(_("The RCC number of %(therapist)s in %(place)s is missing.") % who, therapists, Level.REFUSED),
        ),
        (
            visit.therapist.gln,
            Gap(_("The GLN of %(therapist)s is missing.") % who, therapists, Level.PLACEHOLDER),
        ),
        (
            visit.address_text.get("gln"),
            Gap(_("The GLN of the address in %(place)s is missing.") % who, addresses, Level.PLACEHOLDER),
        ),
        (
            visit.address_text.get("canton"),
            Gap(_("The canton of the address in %(place)s is missing.") % who, addresses, Level.NO_FORM),
        ),
    ]
    return [gap for there, gap in wanted if not there]


def _of_the_patient(visit: Consultation) -> list[Gap]:
    patient = visit.patient
    mend = reverse("patients:edit", args=[patient.pk])
    wanted = [
        (patient.avs, Gap(_("The patient's AVS number is missing."), mend, Level.PLACEHOLDER)),
        (patient.sex, Gap(_("The patient's sex is missing."), mend, Level.NO_FORM)),
        (
            _is_reachable(patient),
            Gap(_("The patient's address is not complete."), mend, Level.NO_FORM),
        ),
        (
            visit.reimbursement != visit.Reimbursement.TP or insurers.gln_of(patient.insurer),
            Gap(_("The insurer pays, but its GLN is not known."), mend, Level.NO_FORM),
        ),
    ]
    return [gap for there, gap in wanted if not there]


def _is_reachable(patient: Patient) -> bool:
    return bool(patient.postcode and patient.town and patient.street)
