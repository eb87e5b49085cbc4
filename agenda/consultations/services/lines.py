"""Turning what was done into lines, by the rules of Tarif 590."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from agenda.calendar.models import AppointmentType
from agenda.consultations.models import Consultation, ConsultationLine
from optamed.core import money
from optamed.core.errors import DomainError
from optamed.practice.models import Product, TariffPosition, Therapist, Unit
from optamed.practice.services import prices

# The surcharge for nights and holidays and the one for acute visits exclude each other (Tarif 590 V6).
EXCLUSIVE = frozenset({"1251", "1252"})
MAX_LINES = 99


@dataclass(frozen=True)
class LineInput:
    """What the user says of one line: a code, a product, or a text of their own (then it is tariff 999).

    ``quantity`` in units of the position (5-minute periods, pieces); ``unit_price`` in CHF with VAT, the
    therapist's own where None.
    """

    quantity: Decimal
    code: str = ""
    product: Product | None = None
    own_text: str = ""
    unit_price: Decimal | None = None


def build(*, consultation: Consultation, lines: Iterable[LineInput]) -> list[ConsultationLine]:
    """The lines, not yet stored. DomainError names the first rule that is broken."""
    built = [_line(consultation, line) for line in lines]
    _check_together(built)
    return built


def suggested(*, type: AppointmentType, day: date) -> list[LineInput]:  # noqa: A002  the field's own word
    """What the service suggests, without codes that were closed meanwhile."""
    wanted = list(type.suggested_lines.select_related("product"))
    open_codes = set(
        TariffPosition.objects.valid_on(day)
        .filter(code__in=[line.code for line in wanted if line.code])
        .values_list("code", flat=True)
    )
    return [
        LineInput(quantity=line.quantity, code=line.code, product=line.product)
        for line in wanted
        if line.product or line.code in open_codes
    ]


def as_last_time(*, last: Consultation, day: date) -> list[LineInput]:
    """The lines of an earlier visit with today's prices, without codes that were closed meanwhile."""
    kept = []
    for line in last.lines.select_related("position", "product"):
        if line.position is not None and not line.position.is_valid_on(day):
            continue
        price = None if line.position or line.product else line.unit_price
        kept.append(
            LineInput(line.quantity, line.code if line.position else "", line.product, line.own_text, unit_price=price)
        )
    return kept


def _line(consultation: Consultation, line: LineInput) -> ConsultationLine:
    if line.quantity <= 0:
        raise DomainError(_("A quantity must be above zero."))
    if line.unit_price is not None and line.unit_price < 0:
        raise DomainError(_("A price cannot be below zero. Give a discount on the invoice instead."))
    if line.product is not None:
        return _product_line(consultation, line, line.product)
    if line.code:
        return _tariff_line(consultation, line)
    return _free_line(consultation, line)


def _tariff_line(consultation: Consultation, line: LineInput) -> ConsultationLine:
    position = TariffPosition.objects.valid_on(consultation.treated_on).filter(code=line.code).first()
    if position is None:
        raise DomainError(
            _("Code %(code)s may not be used for a treatment of %(day)s.")
            % {"code": line.code, "day": f"{consultation.treated_on:%d.%m.%Y}"}
        )
    own_text = line.own_text.strip() if position.takes_own_text else ""
    if position.takes_own_text and not own_text:
        raise DomainError(_("Code %(code)s needs a text of its own.") % {"code": line.code})
    unit = Unit(position.unit)
    return ConsultationLine(
        consultation=consultation,
        position=position,
        tariff=position.tariff,
        code=position.code,
        own_text=own_text,
        unit=unit,
        quantity=line.quantity,
        unit_price=_price(consultation.therapist, line, unit),
        vat_code=_vat_of(consultation.therapist),
    )


def _price(therapist: Therapist, line: LineInput, unit: Unit) -> Decimal:
    if line.unit_price is not None:
        return money.rappen(line.unit_price)
    price = prices.price_of(therapist=therapist, code=line.code, unit=unit)
    if price is None:
        raise DomainError(_("There is no price yet for code %(code)s.") % {"code": line.code})
    return price


def _product_line(consultation: Consultation, line: LineInput, product: Product) -> ConsultationLine:
    is_remedy = product.tariff == Product.Tariff.REMEDY
    remedy = TariffPosition.objects.valid_on(consultation.treated_on).filter(code="1310").first() if is_remedy else None
    return ConsultationLine(
        consultation=consultation,
        position=remedy,
        product=product,
        tariff="590" if is_remedy else "999",
        code="1310" if is_remedy else "",
        own_text=product.name,
        unit=Unit.PIECE,
        quantity=line.quantity,
        unit_price=money.rappen(product.price if line.unit_price is None else line.unit_price),
        vat_code=product.vat_code or _vat_of(consultation.therapist),
    )


def _free_line(consultation: Consultation, line: LineInput) -> ConsultationLine:
    if not line.own_text.strip():
        raise DomainError(_("A line needs a code of the tariff or a text."))
    if line.unit_price is None:
        raise DomainError(_("A line with a text of its own needs a price."))
    return ConsultationLine(
        consultation=consultation,
        tariff="999",
        own_text=line.own_text.strip(),
        unit=Unit.PIECE,
        quantity=line.quantity,
        unit_price=money.rappen(line.unit_price),
        vat_code=_vat_of(consultation.therapist),
    )


def _vat_of(therapist: Therapist) -> str:
    return "normal" if therapist.vat == Therapist.Vat.LIABLE else ""


def _check_together(lines: list[ConsultationLine]) -> None:
    codes = [line.code for line in lines if line.code and not line.own_text]
    for code in codes:
        if codes.count(code) > 1:
            raise DomainError(
                _("Code %(code)s may stand only once per day of treatment. Raise its quantity instead.")
                % {"code": code}
            )
    if set(codes) >= EXCLUSIVE:
        raise DomainError(_("Codes 1251 and 1252 exclude each other."))
    if len(lines) > MAX_LINES:
        raise DomainError(_("An invoice takes at most 99 lines."))
