"""The lengths, lists and patterns of the schema of generalInvoiceRequest 5.0, for what we write of it. Pure.

Beside each stands the sentence that a user reads when a value does not fit.
"""

import re
from decimal import Decimal

from billing.references import gettext_noop
from billing.xml_texts import FIELD

SECONDS = range(1420066800, 2890245601)  # of the request's instant: from 2015 to 2061
NUMBERS = range(1, 1_000_000_000)
SESSIONS = range(1, 1_000_000)
VERSIONS = range(2**32)
RATES = (Decimal(0), Decimal(100))
LARGEST = Decimal(1_000_000_000)
PLACES = 6
QRR = re.compile(r"[0-9]{27}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLES = _words(
    "physician physiotherapist chiropractor ergotherapist nutritionist midwife logotherapist hospital rehab_clinic "
    "psychiatric_clinic pharmacist dentist labtechnician dentaltechnician othertechnician psychologist wholesaler "
    "nursingstaff transport druggist naturopathicdoctor naturopathictherapist other"
)
CANTONS = _words("AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TI TG UR VD VS ZG ZH LI A D F I")
PARTNERS = _words(
    "employer referrer service_provider primary_clinician lead_doctor assistant_physician senior_physician "
    "chief_physician surgeon anaesthetist consultant_doctor internist co-care radiologist nuclear_medicine other"
)
DIAGNOSES = _words("ICD cantonal DRG by_contract freetext birthdefect ICPC")
REASONS = _words("disease accident maternity prevention birthdefect unknown")
LAWS = _words("KVG VVG UVG IVG MVG ORG")
SUBTYPES = _words("normal copy refund storno")
PLACES_OF_WORK = _words("practice hospital lab association company")

MISSING = gettext_noop("Something that the insurer’s form needs is missing here.")
LONG = gettext_noop("“%(text)s” is too long for the insurer’s form: %(most)s characters at most.")
NO_CHOICE = gettext_noop("“%(text)s” is not among the words of the insurer’s form.")
NO_GLN = gettext_noop("“%(text)s” is no GLN: a GLN has 13 digits.")
NO_RCC = gettext_noop("“%(text)s” is no RCC number: a letter and six digits.")
NO_FIGURE = gettext_noop("The insurer’s form cannot carry the figure %(text)s.")

# field, longest, what is said when it is empty (None: it may be)
TEXTS: tuple[tuple[str, int, str | None], ...] = (
    ("number", FIELD, gettext_noop("The invoice has no number.")),
    ("remark", 350, None),
    ("role_title", FIELD, None),
    ("generator", 50, MISSING),
    ("slip.reason", 140, None),
    ("law.card_no", FIELD, None),
    ("law.insured_no", FIELD, None),
    ("law.case_no", FIELD, None),
    ("treatment.approval_no", 255, None),
    ("balance.vat_number", 15, None),
)
CHOICES: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "language",
        frozenset({"de", "fr", "it"}),
        gettext_noop("The insurer’s form exists in French, German and Italian."),
    ),
    ("reimbursement", frozenset({"TG", "TP"}), NO_CHOICE),
    ("subtype", SUBTYPES, NO_CHOICE),
    ("role", ROLES, NO_CHOICE),
    ("place", PLACES_OF_WORK, NO_CHOICE),
    ("patient.sex", frozenset({"male", "female"}), gettext_noop("The insurer’s form asks for the patient’s sex.")),
    ("patient.gender", frozenset({"male", "female", "diverse"}), NO_CHOICE),
    ("law.kind", LAWS, NO_CHOICE),
    ("treatment.canton", CANTONS, gettext_noop("The insurer’s form asks for the canton of the treatment.")),
    ("treatment.reason", REASONS, NO_CHOICE),
)
GLN, RCC = re.compile(r"[0-9]{13}"), re.compile(r"([A-Z][0-9]{6})?")
PATTERNS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("guid", re.compile(r"[A-Fa-f0-9]{32}"), gettext_noop("“%(text)s” is no identification: it has 32 digits.")),
    ("biller.gln", GLN, NO_GLN),
    ("biller.rcc", RCC, NO_RCC),
    ("provider.gln", GLN, NO_GLN),
    ("provider.location_gln", GLN, NO_GLN),
    ("provider.rcc", RCC, NO_RCC),
    (
        "patient.ssn",
        re.compile(r"[0-9]{4,10}|(756|438)[0-9]{10}"),
        gettext_noop("“%(text)s” is no AVS number: it has 13 digits and begins with 756."),
    ),
    (
        "slip.iban",
        re.compile(r"(LI|CH)[0-9]{7}[0-9A-Z]{12}"),
        gettext_noop("“%(text)s” is no IBAN of Switzerland or Liechtenstein."),
    ),
    (
        "slip.reference",
        re.compile(r"([0-9]{27}|RF[0-9]{2}[0-9A-Za-z]{1,21})?"),
        gettext_noop("“%(text)s” is no payment reference: 27 digits, or RF and up to 23 characters."),
    ),
)

PERSON = {"family_name": FIELD, "given_name": FIELD, "salutation": FIELD, "title": FIELD}
ADDRESS = {
    "department": FIELD,
    "street": FIELD,
    "house_no": 10,
    "postcode": 9,
    "town": FIELD,
    "canton": 9,
    "phone": 25,
    "email": 80,
}
WANTED = {
    "given_name": gettext_noop("The first name of %(who)s is missing."),
    "postcode": gettext_noop("The postcode of %(who)s is missing."),
    "town": gettext_noop("The town of %(who)s is missing."),
}
EMAIL, COUNTRY, TARIFF = re.compile(r"(.+@.+)?"), re.compile(r"[A-Z]{2}"), re.compile(r"[0-9A-Z]{3}")
