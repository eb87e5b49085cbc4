"""Somebody who sets up a practice: the steps of the first run, clicked and typed."""

from dataclasses import dataclass

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.e2e.conftest import Visitor

NAMES = {"fr": "Français", "de": "Deutsch"}
RCC, GLN, PLACE_GLN = "A123456", "7601003000382", "7601000000002"


@dataclass
class Walk:
    """Somebody who sets up a practice in a language."""

    visitor: Visitor
    language: str
    token: str

    @property
    def page(self) -> Page:
        return self.visitor.page

    def say(self, sentence: str) -> str:
        """A sentence of the program in the language of the walk; it has a translation."""
        with translation.override(self.language):
            said = translation.gettext(sentence)
        assert said != sentence, f"not translated: {sentence}"
        return said

    def go_on(self, to: str) -> None:
        self.main("[data-primary]").click()
        self.page.wait_for_url(f"**{to}")

    def main(self, selector: str) -> Locator:
        return self.page.locator(f"main {selector}")

    def stands_well(self) -> None:
        """The page speaks the language and does not scroll sideways."""
        assert self.page.locator("html").get_attribute("lang") == self.language
        width = self.page.viewport_size["width"]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width


def choose_language(walk: Walk) -> None:
    walk.page.goto(f"/first-run/{walk.token}/")
    walk.page.locator("label.opt", has_text=NAMES[walk.language]).click()
    walk.go_on("/owner/")
    walk.stands_well()


def enter_owner(walk: Walk) -> list[str]:
    page = walk.page
    page.fill("[name=name]", "Claire Montavel")
    page.fill("[name=email]", "claire@example.ch")
    page.fill("[name=password]", factories.PASSWORD)
    page.fill("[name=repeated]", factories.PASSWORD)
    walk.main("[data-primary]").click()
    expect(page.locator("#codes li").first).to_be_visible()
    walk.stands_well()
    codes = page.locator("#codes code").all_inner_texts()
    walk.go_on("/first-run/practice/")
    return codes


def enter_practice(walk: Walk) -> None:
    page = walk.page
    walk.stands_well()
    page.fill("[name=name]", "Cabinet Trois-Lacs")
    page.fill("[name=street]", "Quai du Bas")
    page.fill("[name=house_no]", "12")
    page.fill("[name=postcode]", "2502")
    page.press("[name=postcode]", "Tab")
    expect(page.locator("[name=town]")).to_have_value("Biel/Bienne")
    expect(page.locator("[name=canton]")).to_have_value("BE")
    page.fill("[name=gln]", PLACE_GLN)
    walk.go_on("/first-run/therapist/")


def enter_therapist(walk: Walk) -> None:
    page = walk.page
    walk.stands_well()
    expect(page.locator("[name=last_name]")).to_have_value("Montavel")
    page.fill("[name=profession]", "Ostéopathe")
    page.fill("[name=rcc]", RCC)
    page.fill("[name=gln]", GLN)
    page.fill("[name=hourly]", "144")
    walk.go_on("/first-run/bank/")


def enter_bank(walk: Walk) -> None:
    """What is said of the IBAN, the choice of references and the sample follow while it is typed."""
    page = walk.page
    walk.stands_well()
    said, slip = page.locator("#iban-said"), page.locator("#slip")
    page.fill("[name=iban]", "CH93 0076 2011 6238 5295 8")
    expect(said.locator(".field-bad")).to_be_visible()
    page.fill("[name=iban]", "CH93 0076 2011 6238 5295 7")
    expect(said).to_contain_text(walk.say("Valid IBAN, ordinary account."))
    expect(page.locator("[name=slip][value=SCOR]")).to_be_checked()
    expect(slip).to_contain_text("RF18")
    page.fill("[name=iban]", "CH44 3199 9123 0008 8901 2")
    expect(said).to_contain_text(walk.say("Valid QR-IBAN. Each payment carries a QR reference."))
    expect(page.locator("[name=slip][value=QRR]")).to_be_checked()
    expect(slip).to_contain_text("CH44 3199 9123 0008 8901 2")
    expect(slip).to_contain_text("21 00000")
    walk.go_on("/settings/services/first/")


def enter_services(walk: Walk) -> None:
    page = walk.page
    walk.stands_well()
    expect(page.locator("[name=hourly]")).to_have_value("144.00")
    expect(page.locator("[name=code]")).to_have_value("1203")
    page.locator("[name=offers-2-wanted]").uncheck()
    walk.main("[data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text(walk.say("Your practice is ready."))
    walk.stands_well()


def set_up(walk: Walk) -> list[str]:
    choose_language(walk)
    codes = enter_owner(walk)
    enter_practice(walk)
    enter_therapist(walk)
    enter_bank(walk)
    enter_services(walk)
    return codes
