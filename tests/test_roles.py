"""Who may open what: every URL by name, for a stranger, a secretary, a therapist and an owner.

A new URL fails here until it stands in the table. Then the canaries: words that only those who treat may ever read.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from pypdf import PdfReader

from agenda.calendar.models import Appointment
from agenda.consultations.models import Consultation
from agenda.consultations.services import notes, visits
from billing.models import BillingRun, Invoice
from billing.services import payments
from mailing.models import Message
from mailing.services import outbox
from optamed.core import dates
from optamed.practice.models import Product, User
from tests import factories
from tests.factories import World
from tests.test_house import walk

STRANGER, SECRETARY, THERAPIST, OWNER = ROLES = ("stranger", "secretary", "therapist", "owner")
PART = {"HX-Request": "true"}

# What a GET answers, in the order of the roles. Strangers are led to the door, before anything else is looked at.
EVERYBODY = (302, 200, 200, 200)
OWNERS = (302, 403, 403, 200)
POSTED = (302, 405, 405, 405)  # changes something: never by GET; whoever signed in may
POSTED_BY_OWNERS = (302, 405, 405, 405)  # the same, and a POST is the owner's alone
LED_ON = (302, 302, 302, 302)
OPEN = (200, 200, 200, 200)

DOOR = {
    "practice:sign-in": (200, 302, 302, 302),
    "practice:sign-out": POSTED,
    "practice:recover": OPEN,
    "practice:password": EVERYBODY,
    "practice:recovery-codes": POSTED,
    "practice:admin-sign-in": (302, 403, 403, 403),
    "practice:admin-password": LED_ON,
    "practice:language": (405, 405, 405, 405),
    "practice:theme": POSTED,
    "practice:theme-css": OPEN,
    "practice:health": OPEN,
    "practice:quit": POSTED,
    "practice:first-run": LED_ON,  # over, once there is an owner
    "practice:first-run-owner": LED_ON,
    "practice:first-run-practice": OWNERS,
    "practice:first-run-therapist": OWNERS,
    "practice:first-run-bank": OWNERS,
}
SETTINGS = {
    "practice:settings": EVERYBODY,
    "practice:about": EVERYBODY,
    **dict.fromkeys(
        [
            "practice:practice", "practice:look", "practice:catalogue",
            "practice:addresses", "practice:address-new", "practice:address", "practice:town",
            "practice:therapists", "practice:therapist-new", "practice:therapist",
            "practice:prices", "practice:price",
            "practice:users", "practice:user-new", "practice:user", "practice:user-password",
            "practice:accounts", "practice:account-new", "practice:account", "practice:account-check",
            "practice:products", "practice:product-new", "practice:product",
            "calendar:services", "calendar:first-services", "calendar:service-new", "calendar:service",
            "calendar:hours",
            "mailing:mail-settings", "mailing:mail-provider", "mailing:mail-untested",
            "billing:style", "billing:style-texts", "billing:style-papers", "billing:style-numbers",
            "billing:style-preview",
        ],
        OWNERS,
    ),
}  # fmt: skip
SETTINGS_POSTED = dict.fromkeys(
    [
        "practice:address-archive", "practice:address-restore",
        "practice:therapist-archive", "practice:therapist-restore",
        "practice:account-default", "practice:account-archive", "practice:account-restore",
        "practice:product-archive", "practice:product-restore",
        "calendar:service-archive", "calendar:service-restore",
        "mailing:mail-test", "mailing:mail-trial",
        "billing:style-logo", "billing:style-signature",
    ],
    POSTED_BY_OWNERS,
)  # fmt: skip
WORK = dict.fromkeys(
    [
        "patients:list", "patients:new", "patients:find", "patients:place", "patients:export",
        "patients:patient", "patients:edit",
        "calendar:week", "calendar:events", "calendar:new", "calendar:appointment", "calendar:cancel",
        "calendar:move", "calendar:of-patient",
        "consultations:list", "consultations:export", "consultations:new", "consultations:consultation",
        "consultations:positions", "consultations:delete", "consultations:of-patient", "consultations:timeline",
        "consultations:last-note", "consultations:now", "consultations:next-visit",
        "billing:invoices", "billing:export", "billing:invoice-new", "billing:invoice", "billing:pdf",
        "billing:cancel", "billing:pay", "billing:pay-consultation", "billing:payments", "billing:payment-new",
        "billing:of-patient", "billing:open-of-patient", "billing:statement", "billing:statements",
        "billing:paper", "billing:xml", "billing:options", "billing:correct", "billing:numbers",
        "billing:numbers-export", "billing:to-print", "billing:period", "billing:payments-export",
        "billing:runs", "billing:run-new", "billing:run", "billing:books", "billing:books-export",
        "mailing:messages", "mailing:mailbox", "mailing:prepared", "mailing:message", "mailing:of-invoice",
        "mailing:of-patient",
        "desk:today", "desk:finish", "desk:search", "desk:statistics",
    ],
    EVERYBODY,
)  # fmt: skip
WORK_POSTED = dict.fromkeys(
    [
        "patients:archive", "patients:restore", "patients:consent",
        "calendar:arrive", "calendar:miss", "calendar:back", "calendar:consent",
        "consultations:open", "consultations:note", "consultations:lines", "consultations:lines-draft",
        "consultations:take-over-address", "consultations:facts", "consultations:close", "consultations:reopen",
        "billing:from-consultation", "billing:issue", "billing:delete",
        "billing:payment-cancel", "billing:payment-again", "billing:hide", "billing:show",
        "billing:printed", "billing:mail-selected", "billing:hide-selected",
        "billing:run-start", "billing:run-pause", "billing:run-drop", "billing:run-items",
        "mailing:withdraw", "mailing:resend", "mailing:mark-sent", "mailing:mail-invoice",
        "desk:undo", "desk:finish-open", "desk:finish-note",
    ],
    POSTED,
)  # fmt: skip
CHOSEN = dict.fromkeys(["billing:print", "billing:zip"], (302, 409, 409, 409))  # of no invoice there is no paper
TABLE = DOOR | SETTINGS | SETTINGS_POSTED | WORK | WORK_POSTED | CHOSEN

NOTE, LAST_NOTE, DIAGNOSIS, SAFETY = "canary-of-the-note", "canary-of-last-time", "canary-diagnosis", "canary-of-safety"
CANARIES = (NOTE, LAST_NOTE, DIAGNOSIS, SAFETY)
FOR_RECEPTION = "wheelchair-at-the-door"


@dataclass
class House:
    """A practice in which every page has something to show, and the browsers of its people."""

    world: World
    appointment: Appointment
    consultation: Consultation
    invoice: Invoice
    message: Message
    keys: dict[str, int]
    browsers: dict[str, Client]

    def url(self, name: str) -> str:
        """The address of a name, with the record that fits it."""
        try:
            return reverse(name)
        except NoReverseMatch:
            given = ["nobody-has-this-token"] if "first-run" in name else [self._key(name)]
            return reverse(name, args=given + (["form"] if name == "billing:paper" else []))

    def _key(self, name: str) -> int:
        app, _, page = name.partition(":")
        return self.keys.get(name) or self.keys.get(page.partition("-")[0]) or self.keys[app]


@pytest.fixture
def house(world: World) -> House:
    patient = world.patient(safety_note=SAFETY)
    _treated(world, patient, LAST_NOTE)
    appointment = world.appointment(patient=patient, state="arrived", arrived_at=dates.now())
    consultation = visits.open_for(appointment=appointment, by=world.owner)
    notes.save(consultation=consultation, html=f"<div>{NOTE}</div>", version=0, by=world.owner)
    visits.set_billing_facts(consultation=consultation, diagnosis=DIAGNOSIS, by=world.owner)
    world.patient(last_name="Wyss", safety_note=FOR_RECEPTION, safety_for_reception=True)
    invoice = world.invoice(patient=patient)
    message = outbox.enqueue(
        kind=Message.Kind.INVOICE, dedup_key="1", recipient=invoice.recipient_email, subject="Facture", text="Bonjour",
        patient=patient, invoice=invoice, by=world.owner,
    )  # fmt: skip
    payment = payments.receive(
        patient=patient, amount=Decimal(50), received_on=dates.today(), means="cash", invoice=invoice, by=world.owner
    )
    secretary = factories.secretary()
    product = Product.objects.create(name="Arnica C30", price=12)
    users = {SECRETARY: secretary, THERAPIST: factories.user(is_therapist=True), OWNER: world.owner}
    keys = {
        "patients": patient.pk,
        "calendar": appointment.pk,
        "consultations": consultation.pk,
        "billing": invoice.pk,
        "mailing": message.pk,
        "desk": appointment.pk,
        "address": world.address.pk,
        "therapist": world.therapist.pk,
        "price": world.therapist.pk,
        "user": secretary.pk,
        "account": world.account.pk,
        "product": product.pk,
        "service": world.type.pk,
        "payment": payment.pk,
        "run": BillingRun.objects.create(dated_on=dates.today(), created_by=world.owner).pk,
        "billing:options": world.draft(patient=patient).pk,
        "billing:statement": patient.pk,
        "billing:style-signature": world.therapist.pk,
        "consultations:open": appointment.pk,
        "billing:from-consultation": consultation.pk,
        "billing:pay-consultation": consultation.pk,
        "mailing:of-invoice": invoice.pk,
        "mailing:mail-invoice": invoice.pk,
        "mailing:prepared": invoice.pk,
    }
    of_patient = [name for name in TABLE if name.endswith(":of-patient")]
    keys |= dict.fromkeys([*of_patient, "billing:open-of-patient"], patient.pk)
    fragments = ("timeline", "last-note", "now", "next-visit")
    keys |= {f"consultations:{fragment}": patient.pk for fragment in fragments}
    return House(world, appointment, consultation, invoice, message, keys, _browsers(users))


def _treated(world: World, patient: Any, words: str) -> None:
    earlier = world.consultation(patient=patient, closed=False)
    notes.save(consultation=earlier, html=f"<div>{words}</div>", version=0, by=world.owner)
    visits.set_billing_facts(consultation=earlier, diagnosis=DIAGNOSIS, by=world.owner)
    visits.close(consultation=earlier, by=world.owner)


def _browsers(users: dict[str, User]) -> dict[str, Client]:
    made = {STRANGER: Client()}
    for role, user in users.items():
        made[role] = Client()
        made[role].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def names() -> list[str]:
    return [name for name, _view in walk(get_resolver()) if not name.startswith("admin:")]


# --- the matrix ----------------------------------------------------------------------------------------------------


def test_every_url_stands_in_the_table_and_nothing_else():
    assert sorted(TABLE) == sorted(set(names()))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(house: House, role: str):
    browser, column = house.browsers[role], ROLES.index(role)

    answers = {name: browser.get(house.url(name)).status_code for name in TABLE}

    assert answers == {name: row[column] for name, row in TABLE.items()}


def test_a_stranger_is_led_to_the_door_and_back_again(house: House):
    inside = [
        name for name, row in TABLE.items() if row[0] == 302 and row not in (LED_ON, DOOR["practice:admin-sign-in"])
    ]

    wrong = [name for name in inside if not _leads_to_the_door(house.browsers[STRANGER].get(house.url(name)))]

    assert wrong == []


def _leads_to_the_door(answer: Any) -> bool:
    return answer.headers["Location"].startswith("/sign-in/?next=/")


@pytest.mark.parametrize("role", [SECRETARY, THERAPIST])
def test_what_is_the_owners_takes_no_post_from_others(house: House, role: str):
    owners = [name for name, row in TABLE.items() if row == OWNERS] + list(SETTINGS_POSTED)
    readable = {"practice:addresses", "practice:therapists", "practice:prices", "practice:users", "practice:accounts",
                "practice:products", "practice:catalogue", "practice:town", "practice:account-check",
                "calendar:services", "mailing:mail-provider", "mailing:mail-untested",
                "billing:style-preview"}  # fmt: skip

    answers = {name: house.browsers[role].post(house.url(name)).status_code for name in owners}

    assert {name for name, status in answers.items() if status == 405} == readable
    assert {status for name, status in answers.items() if name not in readable} == {403}


def admin_urls() -> Iterator[str]:
    """Every page of the admin, lists and single records."""
    for name, _view in walk(get_resolver()):
        if name.startswith("admin:") and "<" not in name:
            for arguments in ([], ["1"], ["1", "1"]):
                try:
                    yield reverse(name, args=arguments)
                except NoReverseMatch:
                    continue
                break


@pytest.mark.parametrize("role", [STRANGER, SECRETARY, THERAPIST])
def test_the_admin_is_closed_to_all_but_owners(house: House, role: str):
    answers = {url: house.browsers[role].get(url).status_code for url in admin_urls()}

    assert set(answers.values()) <= {302, 403}


def test_an_owner_opens_every_list_of_the_admin(house: House):
    lists = [reverse(name) for name, _view in walk(get_resolver()) if name.endswith("_changelist")]

    assert {house.browsers[OWNER].get(url).status_code for url in [*lists, "/admin/"]} == {200}


# --- the canaries --------------------------------------------------------------------------------------------------


def words_of(answer: Any) -> str:
    """What can be read in an answer: a page, an Excel file, a PDF."""
    body = answer.getvalue()
    kind = answer.headers.get("Content-Type", "")
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    if "pdf" in kind:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return str(body.decode())


def seen(browser: Client, urls: Iterator[str]) -> dict[str, set[str]]:
    """The canaries that sing, by address; whole pages and the parts that htmx asks for."""
    heard: dict[str, set[str]] = {}
    for url in urls:
        for headers in [{}] if url.startswith("/admin/") else [{}, PART]:
            text = words_of(browser.get(url, headers=headers))
            heard.setdefault(url, set()).update(word for word in CANARIES if word in text)
    return {url: words for url, words in heard.items() if words}


def readable_urls(house: House) -> Iterator[str]:
    """Every page by GET, and lists that search for the very words."""
    yield from (house.url(name) for name in TABLE if 405 not in TABLE[name] and name != "practice:sign-in")
    for word in CANARIES:
        for name in ("desk:search", "patients:list", "patients:find", "consultations:list", "billing:invoices"):
            yield f"{reverse(name)}?q={word[1:]}"
    yield f"{reverse('calendar:new')}?after={house.appointment.pk}"
    yield f"{reverse('consultations:new')}?patient={house.consultation.patient_id}"
    yield f"{reverse('billing:payment-new')}?patient={house.consultation.patient_id}"
    yield f"{reverse('desk:today')}?whose=all"


def test_a_secretary_never_reads_what_is_clinical(house: House):
    assert seen(house.browsers[SECRETARY], readable_urls(house)) == {}


POSTS: dict[str, Callable[[House], dict[str, Any]]] = {
    "desk:finish-open": lambda house: {},
    "desk:finish-note": lambda house: {"note": "<div>other</div>", "version": "0"},
    "desk:finish": lambda house: {"lines-TOTAL_FORMS": "x", "means": "odd"},
    "consultations:note": lambda house: {"note": "<div>other</div>", "version": "0"},
    "consultations:lines": lambda house: {"lines-TOTAL_FORMS": "x"},
    "consultations:lines-draft": lambda house: {
        "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0", "add": "code:1203",
    },
    "consultations:facts": lambda house: {"law": "odd"},
    "patients:edit": lambda house: {"last_name": "Other", "first_name": "Marc", "birth_on": "3.5.1974", "version": "0"},
    "patients:consent": lambda house: {"consent": "yes"},
    "calendar:move": lambda house: {"day": "odd"},
}  # fmt: skip


@pytest.mark.parametrize("name", POSTS)
def test_a_secretary_reads_nothing_clinical_in_the_answer_to_a_form(house: House, name: str):
    answer = house.browsers[SECRETARY].post(house.url(name), POSTS[name](house), headers=PART)

    assert answer.status_code < 500
    assert [word for word in CANARIES if word in words_of(answer)] == []


def test_a_secretary_changes_nothing_clinical(house: House):
    browser = house.browsers[SECRETARY]

    browser.post(house.url("consultations:note"), {"note": "gone", "version": "1"})
    browser.post(house.url("desk:finish-note"), {"note": "gone", "version": "1"})
    browser.post(house.url("consultations:facts"), {"law": "VVG", "reason": "disease", "diagnosis": "gone"})
    browser.post(house.url("patients:edit"), {
        "last_name": "Tavernay", "first_name": "Marc", "birth_on": "3.5.1974", "version": "1",
        "safety_note": "gone", "safety_for_reception": "on",
    })  # fmt: skip

    house.consultation.refresh_from_db()
    assert NOTE in house.consultation.note.html
    assert house.consultation.diagnosis == DIAGNOSIS
    assert (house.consultation.patient.safety_note, house.consultation.patient.safety_for_reception) == (SAFETY, False)


def test_a_secretary_does_not_delete_what_she_may_not_read(house: House):
    answer = house.browsers[SECRETARY].post(house.url("consultations:delete"), {"reason": "typed twice"}, headers=PART)

    assert answer.status_code == 409
    assert Consultation.objects.filter(pk=house.consultation.pk).exists()


def test_the_reception_sees_a_safety_note_that_is_meant_for_it(house: House):
    patient = house.world.patient(last_name="Aebi", safety_note=FOR_RECEPTION, safety_for_reception=True)
    appointment = house.world.appointment(patient=patient)

    assert FOR_RECEPTION in words_of(house.browsers[SECRETARY].get(patient.get_absolute_url()))
    assert FOR_RECEPTION in words_of(house.browsers[SECRETARY].get(appointment.get_absolute_url()))


def test_those_who_treat_read_it_where_it_belongs(house: House):
    pages = ["consultations:consultation", "consultations:last-note", "consultations:timeline", "desk:finish",
             "patients:patient", "patients:edit", "calendar:appointment"]  # fmt: skip

    heard = seen(house.browsers[THERAPIST], map(house.url, pages))

    assert heard[house.url("consultations:consultation")] >= {NOTE, DIAGNOSIS, SAFETY}
    assert heard[house.url("desk:finish")] >= {NOTE}
    assert heard[house.url("consultations:last-note")] == {NOTE}
    assert heard[house.url("consultations:timeline")] == {NOTE, LAST_NOTE}
    assert heard[house.url("patients:patient")] >= {SAFETY}
    assert heard[house.url("patients:edit")] >= {SAFETY}
    assert heard[house.url("calendar:appointment")] == {SAFETY}


def test_what_leaves_the_house_holds_nothing_clinical_whoever_asks(house: House):
    leaves = ["patients:export", "consultations:export", "billing:export", "billing:pdf", "billing:invoice",
              "mailing:message", "billing:invoices", "desk:search"]  # fmt: skip

    assert seen(house.browsers[OWNER], map(house.url, leaves)) == {}


def test_an_owner_who_does_not_treat_reads_nothing_clinical_not_even_in_the_admin(house: House):
    owner = factories.user(is_owner=True, name="Administration")
    browser = _browsers({OWNER: owner})[OWNER]
    records = [
        reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
        for record in (house.consultation.patient, house.consultation, house.appointment, house.invoice, house.message)
    ]

    urls = [*readable_urls(house), *admin_urls(), *records]

    assert seen(browser, iter(urls)) == {}
    assert {browser.get(url).status_code for url in records} == {200}
