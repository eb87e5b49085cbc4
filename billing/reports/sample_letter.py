"""The sample invoice beside the settings: the practice's own letter with an invented patient, never to be paid."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from billing import references
from billing.document import InvoiceDocument, Line, Sender, Treated
from billing.models import InvoiceSettings, LetterText
from billing.qr_bill import NOTIFICATION, Bill, Party, QrBillError, payload
from billing.services import photograph, style
from billing.services.sheets import letter
from billing.totals import totals
from optamed.core import dates, money, pdf
from optamed.core.errors import DomainError
from optamed.practice.models import BankAccount, Practice, PracticeAddress, TariffPosition, Therapist

PERIOD_PRICE = Decimal("12.00")
SERVICES = (("1200", Decimal(2)), ("1203", Decimal(9)))
NUMBER, TERM_DAYS = "F-00042", 30
PAYERS = {
    "fr": Party("Marc Tavernay", "Chemin des Vignes", "14", "2502", "Biel/Bienne"),
    "de": Party("Marc Tavernay", "Rebenweg", "14", "2502", "Biel/Bienne"),
    "it": Party("Marco Tavernay", "Via delle Vigne", "14", "6500", "Bellinzona"),
    "en": Party("Marc Tavernay", "Chemin des Vignes", "14", "2502", "Biel/Bienne"),
}


def render(look: InvoiceSettings, *, words: LetterText) -> bytes:
    """The PDF for settings and texts that need not be saved. DomainError where no PDF can be made here."""
    if missing := pdf.available():
        raise DomainError(_(missing))
    document = _document(look, words)
    shas = (document.look.logo, document.look.signature)
    return letter.render_invoice(document, pictures=style.pictures_of(shas=shas), draft=True)


def _document(look: InvoiceSettings, words: LetterText) -> InvoiceDocument:
    today, language = dates.today(), words.language
    address = PracticeAddress.objects.active().first()
    therapist = Therapist.objects.active().select_related("account", "signature").first()
    lines = _lines(language, today)
    sums = totals(lines)
    return InvoiceDocument(
        number=NUMBER,
        issued_on=today,
        due_on=today + timedelta(days=_term()),
        language=language,
        currency="CHF",
        sender=_sender(address, therapist),
        recipient=PAYERS[language],
        patient=Treated(PAYERS[language].name, date(1974, 5, 3)),
        lines=lines,
        total=sums.total,
        amount_due=sums.total,
        rounding=sums.rounding,
        payload=_payload(therapist, address, language),
        text_before=words.before,
        text_after=words.after,
        footer=words.footer,
        look=style.look_from(look, therapist=therapist),
    )


def _term() -> int:
    practice = Practice.objects.first()
    return practice.payment_days if practice else TERM_DAYS


def _lines(language: str, on: date) -> tuple[Line, ...]:
    wanted = TariffPosition.objects.valid_on(on).filter(code__in=[code for code, _quantity in SERVICES])
    texts = {position.code: position.text_in(language) for position in wanted}
    return tuple(
        Line(
            on=on,
            tariff="590",
            code=code,
            text=texts.get(code, code),
            quantity=quantity,
            unit_price=PERIOD_PRICE,
            amount=money.line_amount(quantity, PERIOD_PRICE),
        )
        for code, quantity in SERVICES
    )


def _sender(address: PracticeAddress | None, therapist: Therapist | None) -> Sender:
    practice = Practice.objects.first()
    name = address.name if address else practice.name if practice else ""
    return Sender(
        party=Party(name, address.street, address.house_no, address.postcode, address.town, address.country)
        if address
        else Party(name),
        therapist=f"{therapist.title} {therapist}".strip() if therapist else "",
        profession=therapist.profession if therapist else "",
        phone=address.phone if address else "",
        email=address.email if address else "",
        gln=therapist.gln if therapist else "",
    )


def _payload(therapist: Therapist | None, address: PracticeAddress | None, language: str) -> str:
    """A slip over 0.00 that says it is none (IG QR-bill 2.3, section 3.5.1); empty where no account is entered yet."""
    account = photograph.account_for(therapist=therapist, address=address) if therapist else None
    if account is None:
        return ""
    bill = Bill(
        account=account.iban,
        creditor=photograph.creditor_of(account),
        amount=money.ZERO,
        debtor=PAYERS[language],
        reference=_reference(account),
        message=NOTIFICATION[language],
    )
    try:
        return payload(bill)
    except QrBillError as error:
        raise DomainError(_(error.sentence) % error.values if error.values else _(error.sentence)) from error


def _reference(account: BankAccount) -> str:
    if account.is_qr:
        return references.qrr("42", account.qrr_prefix)
    return "" if account.slip == BankAccount.Slip.NON else references.scor(NUMBER)
