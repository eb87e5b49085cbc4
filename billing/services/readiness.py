"""What is missing before an invoice leaves: what makes it wrong blocks, what only an insurer would refuse is told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from billing.models import Invoice, InvoiceSettings
from billing.services import photograph
from optamed.core.errors import DomainError
from optamed.practice import insurers
from optamed.practice.models import BankAccount
from patients.models import Patient

# What a visit's place and hand are asked for: accounts, and the RCC number of the pair.
PLACE = ("therapist__account", "therapist__places", "address__account")


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
    return of_each(visits=[consultation])[0]


def of_each(*, visits: Sequence[Consultation]) -> list[list[Gap]]:
    """The gaps of each visit, in as many queries for a thousand as for one."""
    prefetch_related_objects(list(visits), "patient", "lines__position", *PLACE)
    usual = photograph.usual_account()
    return [sorted(_all_of(visit, usual), key=lambda gap: gap.level) for visit in visits]


def together(*, several: Iterable[Iterable[Gap]]) -> list[Gap]:
    """The gaps of visits that go on one invoice: each sentence once, blocking ones first."""
    found = dict.fromkeys(gap for gaps in several for gap in gaps)
    return sorted(found, key=lambda gap: gap.level)


def of_invoice(*, invoice: Invoice) -> list[Gap]:
    """Those of all its visits."""
    visits = list(invoice.consultations.filter(billed__live=True).select_related("patient", "therapist", "address"))
    return together(several=of_each(visits=visits))


def refuse(gaps: Iterable[Gap]) -> None:
    """DomainError with the sentence of a gap that makes the invoice wrong, and the page that mends it."""
    for gap in gaps:
        if gap.blocks:
            raise DomainError(gap.sentence, link=gap.link)


def forms_for(*, invoice: Invoice, gaps: Iterable[Gap]) -> str:
    """Which papers are made: what was wished, as far as it can be made. In francs alone: the standard knows no euros.

    Where the insurer's form has gaps and nobody chose, the practice's settings say what happens.
    """
    forms = Invoice.Forms
    if invoice.forms == forms.LETTER or invoice.currency != "CHF":
        return forms.LETTER
    chosen = invoice.forms if invoice.forms == forms.PLACEHOLDERS else ""
    return forms_of(gaps, incomplete=chosen or InvoiceSettings.current().when_incomplete)


def forms_of(gaps: Iterable[Gap], *, incomplete: str) -> str:
    """The papers that can be made with these gaps; ``incomplete``: those where a number has a placeholder."""
    levels = {gap.level for gap in gaps}
    if levels & {Level.BLOCKS, Level.NO_FORM}:
        return Invoice.Forms.LETTER
    return incomplete if Level.PLACEHOLDER in levels else Invoice.Forms.FULL


def _all_of(visit: Consultation, usual: BankAccount | None) -> Iterator[Gap]:
    yield from _of_the_visit(visit, usual)
    yield from _of_the_practice(visit)
    yield from _of_the_patient(visit)


def _of_the_visit(visit: Consultation, usual: BankAccount | None) -> Iterator[Gap]:
    page, lines = visit.get_absolute_url(), visit.lines.all()
    if not lines:
        yield Gap(_("No services yet."), page, Level.BLOCKS)
    if (photograph.own_account(therapist=visit.therapist, address=visit.address) or usual) is None:
        sentence = _("There is no bank account yet, so the invoice has no QR-bill.")
        yield Gap(sentence, reverse("practice:accounts"), Level.BLOCKS)
    for line in lines:
        if line.position is not None and not line.position.is_valid_on(visit.treated_on):
            facts = {"code": line.code, "day": f"{visit.treated_on:%d.%m.%Y}"}
            yield Gap(_("Code %(code)s was closed on %(day)s.") % facts, page, Level.REFUSED)


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
