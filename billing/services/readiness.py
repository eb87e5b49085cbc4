"""What is missing before an invoice leaves: what makes it wrong blocks, what only an insurer would refuse is told."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.services import photograph
from optamed.practice.models import TherapistPlace
from patients.models import Patient


@dataclass(frozen=True)
class Gap:
    """A sentence, the page that mends it, and whether it stops the invoice."""

    sentence: str
    link: str
    blocks: bool


def missing(*, consultation: Consultation) -> list[Gap]:
    """The gaps of a visit's invoice, blocking ones first."""
    gaps = [*_blocking(consultation), *_of_the_practice(consultation), *_of_the_patient(consultation.patient)]
    return sorted(gaps, key=lambda gap: not gap.blocks)


def _blocking(visit: Consultation) -> list[Gap]:
    gaps = []
    if not visit.lines.exists():
        gaps.append(Gap(_("No services yet."), visit.get_absolute_url(), blocks=True))
    if photograph.account_for(therapist=visit.therapist) is None:
        gaps.append(
            Gap(
                _("There is no bank account yet, so the invoice has no QR-bill."),
                reverse("practice:accounts"),
                blocks=True,
            )
        )
    return gaps


def _of_the_practice(visit: Consultation) -> list[Gap]:
    """RCC, GLN(P) and GLN(L): form 5.0 asks for them (generalInvoiceRequest 5.0, providerGLN)."""
    place = TherapistPlace.objects.filter(therapist=visit.therapist, address=visit.address).first()
    who = {"therapist": visit.therapist, "place": visit.address_text.get("town", "")}
    wanted = [
        (
            place and place.rcc,
            _("The RCC number of %(therapist)s in %(place)s is missing.") % who,
            "practice:therapists",
        ),
        (visit.therapist.gln, _("The GLN of %(therapist)s is missing.") % who, "practice:therapists"),
        (
            visit.address_text.get("gln"),
            _("The GLN of the address in %(place)s is missing.") % who,
            "practice:addresses",
        ),
    ]
    return [Gap(sentence, reverse(page), blocks=False) for there, sentence, page in wanted if not there]


def _of_the_patient(patient: Patient) -> list[Gap]:
    recipient = photograph.recipient_of(patient)
    wanted = [
        (patient.avs, _("The patient's AVS number is missing.")),
        (patient.sex, _("The patient's sex is missing.")),
        (recipient.postcode and recipient.town and recipient.street, _("The patient's address is not complete.")),
    ]
    mend = reverse("patients:edit", args=[patient.pk])
    return [Gap(sentence, mend, blocks=False) for there, sentence in wanted if not there]
