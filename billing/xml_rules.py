"""What the schema of generalInvoiceRequest 5.0 would refuse, found before anything is written, in sentences. Pure.

The patterns, lengths and lists are the schema's own; beyond it only that the sums agree and the days are in order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from billing import xml_schema
from billing.references import gettext_noop
from billing.request import Contact, InvoiceRequest, Service
from billing.xml_texts import FIELD, forbidden, halves, leaves, tidy


class Fault(NamedTuple):
    """``field`` as a dotted path in the request; ``sentence`` is a key of the catalogues with places for ``values``."""

    field: str
    sentence: str
    values: Mapping[str, object] = MappingProxyType({})

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class RequestError(ValueError):
    """A request that cannot be written, or a file that is none. ``sentence`` is a key of the catalogues."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.field = fault.field
        self.sentence = fault.sentence
        self.values = fault.values


def faults(request: InvoiceRequest) -> list[Fault]:
    """Everything in the tidied request that the schema would refuse, most telling first. Empty: it can be written."""
    request = tidy(request)
    return [
        *_characters(request),
        *_named(request),
        *(fault for path, contact in contacts(request) for fault in _contact(path, contact)),
        *_others(request),
        *(fault for index, row in enumerate(request.services) for fault in _service(f"services.{index}", row)),
        *_figures(request),
        *_agreement(request),
    ]


def contacts(request: InvoiceRequest) -> Iterator[tuple[str, Contact]]:
    """Everybody with an address, each with the path."""
    yield "patient.contact", request.patient.contact
    yield "biller.contact", request.biller.contact
    yield "provider.contact", request.provider.contact
    yield "debitor", request.debitor
    yield "guarantor", request.guarantor
    yield "slip.creditor", request.slip.creditor
    if request.insurance:
        yield "insurance.contact", request.insurance.contact
    for index, partner in enumerate(request.partners):
        yield f"partners.{index}.contact", partner.contact


def _characters(request: InvoiceRequest) -> Iterator[Fault]:
    sentence = gettext_noop("A text holds the character %(character)s, which no file can carry. Type it again.")
    for path, value in leaves(request):
        if isinstance(value, str) and (found := forbidden(value)):
            yield Fault(path, sentence, {"character": f"U+{ord(found):04X}"})


def _named(request: InvoiceRequest) -> Iterator[Fault]:
    for path, most, empty in xml_schema.TEXTS:
        yield from _text(path, attrgetter(path)(request), most, empty)
    for path, allowed, sentence in xml_schema.CHOICES:
        yield from _choice(path, attrgetter(path)(request), allowed, sentence)
    for path, pattern, sentence in xml_schema.PATTERNS:
        yield from _pattern(path, attrgetter(path)(request), pattern, sentence)


def _text(path: str, text: str, most: int, empty: str | None = None) -> Iterator[Fault]:
    if empty and not text:
        yield Fault(path, empty)
    if len(text) > most:
        yield Fault(path, xml_schema.LONG, {"text": text, "most": most})


def _choice(path: str, text: str, allowed: Iterable[str], sentence: str = xml_schema.NO_CHOICE) -> Iterator[Fault]:
    if text not in allowed:
        yield Fault(path, sentence, {"text": text} if "%" in sentence else {})


def _pattern(path: str, text: str, pattern: re.Pattern[str], sentence: str) -> Iterator[Fault]:
    if not pattern.fullmatch(text):
        yield Fault(path, sentence, {"text": text})


def _contact(path: str, contact: Contact) -> Iterator[Fault]:
    who = contact.company or contact.family_name
    if not who:
        yield Fault(path, gettext_noop("A name is missing for the insurer’s form."))
        return
    if contact.company:
        yield from _company(path, contact)
    for name, sentence in xml_schema.WANTED.items():
        if not getattr(contact, name) and not (contact.company and name in xml_schema.PERSON):
            yield Fault(f"{path}.{name}", sentence, {"who": who})
    for name, most in (xml_schema.PERSON | xml_schema.ADDRESS).items():
        yield from _text(f"{path}.{name}", getattr(contact, name), most)
    mail = gettext_noop("“%(text)s” is no e-mail address.")
    yield from _pattern(f"{path}.email", contact.email, xml_schema.EMAIL, mail)
    country = gettext_noop("“%(text)s” is no country code: two capital letters.")
    yield from _pattern(f"{path}.country", contact.country, xml_schema.COUNTRY, country)


def _company(path: str, contact: Contact) -> Iterator[Fault]:
    if any(getattr(contact, name) for name in xml_schema.PERSON):
        both = gettext_noop("%(who)s is a company and a person at once. Keep one of the two names.")
        yield Fault(f"{path}.company", both, {"who": contact.company})
    if max(map(len, halves(contact.company))) > FIELD:
        lines = gettext_noop("“%(text)s” does not fit in two lines of %(most)s characters on the insurer’s form.")
        yield Fault(f"{path}.company", lines, {"text": contact.company, "most": FIELD})


def _others(request: InvoiceRequest) -> Iterator[Fault]:
    if request.insurance:
        yield from _pattern("insurance.gln", request.insurance.gln, xml_schema.GLN, xml_schema.NO_GLN)
    for index, partner in enumerate(request.partners):
        yield from _pattern(f"partners.{index}.gln", partner.gln, xml_schema.GLN, xml_schema.NO_GLN)
        yield from _pattern(f"partners.{index}.rcc", partner.rcc, xml_schema.RCC, xml_schema.NO_RCC)
        yield from _choice(f"partners.{index}.kind", partner.kind, xml_schema.PARTNERS)
    for index, diagnosis in enumerate(request.treatment.diagnoses):
        path = f"treatment.diagnoses.{index}"
        yield from _choice(f"{path}.kind", diagnosis.kind, xml_schema.DIAGNOSES)
        yield from _text(f"{path}.code", diagnosis.code, 12)
        yield from _text(f"{path}.text", diagnosis.text, 350)


def _service(path: str, row: Service) -> Iterator[Fault]:
    yield from _text(f"{path}.code", row.code, 30, gettext_noop("A line of the invoice has no code."))
    yield from _text(f"{path}.name", row.name, 350, gettext_noop("A line of the invoice has no text."))
    tariff = gettext_noop("“%(text)s” is no tariff: three digits or capital letters.")
    yield from _pattern(f"{path}.tariff", row.tariff, xml_schema.TARIFF, tariff)
    yield from _pattern(f"{path}.provider_gln", row.provider_gln, xml_schema.GLN, xml_schema.NO_GLN)
    yield from _figure(f"{path}.number", row.number, row.number in xml_schema.NUMBERS)
    yield from _figure(f"{path}.session", row.session, row.session in xml_schema.SESSIONS)
    yield from _rate(f"{path}.vat_rate", row.vat_rate)


def _rate(path: str, rate: Decimal) -> Iterator[Fault]:
    lowest, highest = xml_schema.RATES
    yield from _figure(path, rate, not rate.is_finite() or lowest <= rate <= highest)


def _figure(path: str, figure: object, fits: bool) -> Iterator[Fault]:  # noqa: FBT001
    if not fits:
        yield Fault(path, xml_schema.NO_FIGURE, {"text": figure})


def _figures(request: InvoiceRequest) -> Iterator[Fault]:
    for path, value in leaves(request):
        if isinstance(value, Decimal):
            yield from _figure(path, value, _written_out(value))
    yield from _figure("at", request.timestamp, request.timestamp in xml_schema.SECONDS)
    yield from _figure("generator_version", request.generator_version, request.generator_version in xml_schema.VERSIONS)
    yield from _figure("slip.days", request.slip.days, request.slip.days >= 0)
    for index, line in enumerate(request.balance.vat):
        yield from _rate(f"balance.vat.{index}.rate", line.rate)


def _written_out(figure: Decimal) -> bool:
    return figure.is_finite() and abs(figure) < xml_schema.LARGEST and figure == round(figure, xml_schema.PLACES)


def _agreement(request: InvoiceRequest) -> Iterator[Fault]:
    if not request.services:
        yield Fault("services", gettext_noop("The invoice has no line."))
    elif not _adds_up(request):
        yield Fault("balance.amount", gettext_noop("The lines of the invoice do not make its total."))
    if request.treatment.ends_on < request.treatment.begins_on:
        yield Fault("treatment.ends_on", gettext_noop("The treatment ends before it begins."))
    if request.reimbursement == "TP" and request.insurance is None:
        yield Fault("insurance", gettext_noop("An invoice that goes to the insurer needs the insurer and its GLN."))
    if request.reimbursement == "TP" and request.balance.prepaid:
        yield Fault("balance.prepaid", gettext_noop("An invoice that goes to the insurer cannot carry a payment."))


def _adds_up(request: InvoiceRequest) -> bool:
    amounts = [row.amount for row in request.services]
    return not all(amount.is_finite() for amount in amounts) or sum(amounts) == request.balance.amount
