"""What a generalInvoiceRequest 5.0 says, as values: the form, its QR sheet and the XML are three faces of it. Pure.

Names follow the standard of Forum Datenaustausch; lengths and patterns are checked where the XML is written.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from optamed.core.money import ZERO

# The standard's own numbers (release 5.0).
PRIVATE_PERSON = "2000000000008"  # GLN of a debtor who has none
NO_RECIPIENT = "2006666666008"  # nothing is sent electronically
NO_GLN = "2099999999998"  # placeholder, as in the Forum's samples
NO_SSN = "7569999999991"  # placeholder for an unknown AVS number


@dataclass(frozen=True)
class Contact:
    """A person (``family_name``) or a company (``company``), with a structured address."""

    family_name: str = ""
    given_name: str = ""
    salutation: str = ""
    title: str = ""
    company: str = ""
    department: str = ""
    street: str = ""
    house_no: str = ""
    postcode: str = ""
    town: str = ""
    canton: str = ""
    country: str = "CH"
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Biller:
    """Who sends the bill: GLN(B) and RCC(B) of the form. ``rcc`` may be empty."""

    gln: str
    contact: Contact
    rcc: str = ""


@dataclass(frozen=True)
class Provider:
    """Who treated: GLN(P), GLN(L) of the place, RCC(P)."""

    gln: str
    location_gln: str
    contact: Contact
    rcc: str = ""


@dataclass(frozen=True)
class Insurance:
    """The insurer; left out where the GLN is not known (tiers garant allows it)."""

    gln: str
    contact: Contact


@dataclass(frozen=True)
class Subject:
    """The patient. ``sex`` female or male, ``gender`` may also be diverse; ``ssn`` is the AVS number's 13 digits."""

    contact: Contact
    sex: str
    gender: str
    born_on: date
    ssn: str


@dataclass(frozen=True)
class Partner:
    """Somebody else who has a part in it: referrer, employer …; ``kind`` as partnerAddressType@type."""

    kind: str
    gln: str
    contact: Contact
    rcc: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """``kind`` as diagnosisType@type: by_contract, freetext, ICD, ICPC, cantonal, birthdefect."""

    kind: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Service:
    """One row of the table. ``number`` counts from 1; ``vat_rate`` in per cent, 0 where VAT is excluded."""

    number: int
    tariff: str
    code: str
    name: str
    quantity: Decimal
    on: date
    unit_price: Decimal
    amount: Decimal
    vat_rate: Decimal = ZERO
    session: int = 1
    provider_gln: str = NO_GLN


@dataclass(frozen=True)
class VatLine:
    """A rate in per cent, the gross amount it bears, and the VAT contained."""

    rate: Decimal
    amount: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Balance:
    """In CHF. ``amount`` is the sum of the services, unrounded; ``due`` what is left to pay, in five Rappen."""

    amount: Decimal
    due: Decimal
    prepaid: Decimal = ZERO
    reminder: Decimal = ZERO
    vat: tuple[VatLine, ...] = ()
    vat_number: str = ""


@dataclass(frozen=True)
class Slip:
    """The payment part: ``reference`` of 27 digits is esrQR, RF… or none is esrQRRed. ``days`` is the term."""

    iban: str
    creditor: Contact
    reference: str = ""
    days: int = 30
    reason: str = ""


@dataclass(frozen=True)
class Law:
    """``kind`` VVG, KVG, UVG, IVG or MVG; the rest as the law's insurer wants it."""

    kind: str = "VVG"
    card_no: str = ""
    insured_no: str = ""
    case_no: str = ""
    case_on: date | None = None


@dataclass(frozen=True)
class Treatment:
    """First and last day, canton of the place, reason as treatmentType@reason. ``approval`` is the cost approval."""

    begins_on: date
    ends_on: date
    canton: str
    reason: str = "disease"
    diagnoses: tuple[Diagnosis, ...] = ()
    approval_no: str = ""
    approval_on: date | None = None


@dataclass(frozen=True)
class InvoiceRequest:
    """The whole. ``language`` fr, de or it; ``guid`` 32 hex digits; ``at`` when the request was made, aware;

    ``subtype`` normal, copy or storno; ``reimbursement`` TG (tiers garant) or TP (tiers payant).
    """

    language: str
    guid: str
    at: datetime
    number: str
    issued_on: date
    biller: Biller
    debitor: Contact
    provider: Provider
    patient: Subject
    guarantor: Contact
    balance: Balance
    slip: Slip
    law: Law
    treatment: Treatment
    services: tuple[Service, ...]
    insurance: Insurance | None = None
    partners: tuple[Partner, ...] = ()
    remark: str = ""
    role: str = "naturopathictherapist"
    role_title: str = ""
    place: str = "practice"
    reimbursement: str = "TG"
    subtype: str = "normal"
    generator: str = "OptaMed"
    generator_version: int = 100

    @property
    def timestamp(self) -> int:
        """Seconds since 1970, as the standard counts them."""
        return int(self.at.timestamp())
