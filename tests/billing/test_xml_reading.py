"""What was written is read again, and what is none of ours is refused with a sentence."""

import codecs
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from billing.request import Contact, InvoiceRequest, Law
from billing.xml_reading import read
from billing.xml_rules import RequestError
from billing.xml_texts import tidy
from billing.xml_writing import NAMESPACE, write
from tests.billing.requests_made import requests
from tests.billing.requests_sample import REFERRER, changed, request

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FULL = request(partners=(REFERRER,), role_title="Osteopath")
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "haha">]><a>&b;</a>'
PLACES = [element.getroottree().getpath(element) for element in etree.fromstring(write(FULL)).iter()]


@PATIENT
@example(request())
@example(FULL)
@example(request(99))
@given(requests())
def test_what_is_written_is_read(made: InvoiceRequest) -> None:
    assert read(write(made)) == made


def test_a_request_comes_back_as_it_was_tidied() -> None:
    made = changed(request(remark=" a\r\nb "), "patient.contact.town", "Gene\u0300ve\x00")

    assert read(write(made)) == tidy(made)


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    at = datetime(2026, 11, 24, 10, 15, 30, tzinfo=timezone(timedelta(hours=1)))

    assert read(write(request(at=at))).at == datetime(2026, 11, 24, 9, 15, 30, tzinfo=UTC)


def test_a_long_company_and_its_department_come_apart_again() -> None:
    company = Contact(
        company="Praxisgemeinschaft für Osteopathie und Komplementärtherapie",
        department="Abteilung See",
        postcode="8000",
        town="Zürich",
    )

    assert read(write(request(debitor=company))).debitor == company


def _foreign(**changes: str) -> bytes:
    """A file as another program writes it: blanks between the elements, and what we never write."""
    root = etree.fromstring(write(FULL))
    etree.indent(root)
    for tag, value in changes.items():
        for element in root.iter(f"{{{NAMESPACE}}}{tag}"):
            name, _, text = value.partition("=")
            element.set(name, text) if text else element.attrib.pop(name, None)
    return bytes(etree.tostring(root, encoding="UTF-16", xml_declaration=True))


def test_the_file_of_another_program_is_read() -> None:
    assert read(_foreign(service="section_code=M100", law="card_id")) == changed(FULL, "law", Law(insured_no="123456"))


def test_attributes_with_a_default_may_be_missing() -> None:
    found = read(_foreign(payload="request_subtype", diagnosis="type", service="session"))

    assert (found.subtype, found.treatment.diagnoses[0].kind, found.services[0].session) == ("normal", "by_contract", 1)


def test_a_street_without_parts_is_one_line() -> None:
    root = etree.fromstring(write(FULL))
    for street in root.iter(f"{{{NAMESPACE}}}street"):
        street.attrib.clear()

    assert read(etree.tostring(root)).debitor.street == "Chemin des Vignes 14"


@pytest.mark.parametrize("amount", ["1.32E2", "132", " 132.000 "])
def test_a_figure_may_be_written_as_a_double(amount: str) -> None:
    assert read(_foreign(balance=f"amount={amount}")).balance.amount == Decimal(132)


@pytest.mark.parametrize(
    "changes",
    [
        {"balance": "amount=NaN"},
        {"balance": "amount=INF"},
        {"balance": "amount=1E999999"},
        {"balance": "amount=1E-999999"},
        {"balance": "amount=a lot"},
        {"service": "quantity"},
        {"service": "record_id=one"},
        {"service": f"record_id={'9' * 5000}"},
        {"service": "date_begin=2026-02-30T00:00:00"},
        {"patient": "birthdate=28.02.1986"},
        {"invoice": "request_timestamp=-1"},
        {"invoice": f"request_timestamp={10**30}"},
        {"esrQRRed": "payment_period=P1M"},
        {"request": "guid"},
        {"provider_gln": "gln_location"},
    ],
)
def test_figures_and_days_that_are_none_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(RequestError, match="no invoice for an insurer"):
        read(_foreign(**changes))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    text = write(FULL).decode().replace("?>", "?><!DOCTYPE x>", 1).replace("UTF-8", encoding[:6], 1)

    with pytest.raises(RequestError) as raised:
        read(mark + text.encode(encoding))

    assert "document type" in str(raised.value.__cause__)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"%PDF-1.7",
        b"<request/>",
        b"<a><b></a>",
        BOMB,
        b"\xff\xfe<",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<?xml version="1.0" encoding="utf-8"?><a>\xff</a>',
        f'<request xmlns="{NAMESPACE}"/>'.encode(),
        write(FULL)[:-20],
        write(FULL).replace(b"tiers_garant", b"tiers_soldant"),
        write(FULL).replace(b"/invoice", b"/reminder"),
    ],
)
def test_a_file_that_is_no_request_is_refused_with_a_sentence(file: bytes) -> None:
    with pytest.raises(RequestError) as raised:
        read(file)

    assert str(raised.value) == "This file is no invoice for an insurer (generalInvoiceRequest 5.0)."


@pytest.mark.parametrize("place", PLACES)
def test_a_file_that_lacks_an_element_is_read_or_refused(place: str) -> None:
    root = etree.fromstring(write(FULL))
    [element] = root.xpath(place, namespaces={"invoice": NAMESPACE})
    for child in list(element):
        element.remove(child)
    element.attrib.clear()

    try:
        found = read(etree.tostring(root))
    except RequestError:
        return
    assert isinstance(found, InvoiceRequest)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fall(file: bytes) -> None:
    with pytest.raises(RequestError):
        read(file)
