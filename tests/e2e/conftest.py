"""A real browser (Debian's chromium) on a live server, and a real mail server beside it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mailing.models import MailAccount
from tests import factories
from tests.mailing.servers import CA_PEM, GOOD, Park, accepts

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in this thread
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), "")
QUIET = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-sync"
# A click of the hand: scripts' own clicks and keys do not count (detail is 0 for both).
COUNT_CLICKS = """
addEventListener("click", (event) => {
  if (event.isTrusted && event.detail > 0) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true);
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    args = [f"--{flag}" for flag in QUIET.split()]
    return {**browser_type_launch_args, "executable_path": CHROMIUM or None, "args": args}


@pytest.fixture
def world(transactional_db: None, settings) -> factories.World:
    settings.MAIL_GRACE_SECONDS = 0
    settings.ALLOW_PRIVATE_MAIL = True
    return factories.World()


class Visitor:
    """A person in front of the program: signs in, clicks, and is asked how often."""

    def __init__(self, browser: Browser, url: str, **context: object) -> None:
        facts = {
            "viewport": {"width": 1280, "height": 860},
            "locale": "fr-CH",
            "base_url": url,
            "timezone_id": "Europe/Zurich",
        }
        self.context = browser.new_context(**{**facts, **context})
        self.context.add_init_script(COUNT_CLICKS)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def sign_in(self, email: str, password: str = factories.PASSWORD) -> Page:
        self.page.goto("/sign-in/")
        self.page.fill("[name=username]", email)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url("**/")
        self.page.wait_for_load_state("networkidle")
        self.count_from_here()
        return self.page

    def count_from_here(self) -> None:
        self.page.evaluate("sessionStorage.clicks = 0")

    @property
    def clicks(self) -> int:
        return int(self.page.evaluate("sessionStorage.clicks"))

    def forgive(self, *words: str) -> None:
        """Faults that this very test provokes, such as a refused request in the browser's console."""
        self.faults[:] = [fault for fault in self.faults if not any(word in fault for word in words)]

    def look(self, path: str) -> list[str]:
        """What axe finds on a page, and whether it scrolls sideways; light and dark."""
        self.page.goto(path)
        self.page.wait_for_load_state("networkidle")
        return [fault for theme in ("light", "dark") for fault in self._look_in(path, theme)]

    def _look_in(self, path: str, theme: str) -> list[str]:
        self.page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            """async () => (await axe.run({exclude: [['.ec']]})).violations
            .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`)"""
        )
        width = self.page.viewport_size["width"]
        faults = [f"{path} {width} {theme}: {one}" for one in found]
        if self.page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path} {width}: scrolls sideways")
        return faults


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# axe measures with styles of its own, which our policy rightly forbids; colours are measured when they have settled.
MEASURED = {"bypass_csp": True, "reduced_motion": "reduce"}


def _visit(browser: Browser, live_server, **context: object) -> Iterator[Visitor]:
    made = Visitor(browser, live_server.url.replace("127.0.0.1", "localhost"), **context)
    yield made
    made.context.close()
    assert made.faults == []


@pytest.fixture
def visitor(browser: Browser, live_server, world: factories.World) -> Iterator[Visitor]:
    yield from _visit(browser, live_server)


@pytest.fixture
def phone(browser: Browser, live_server, world: factories.World) -> Iterator[Visitor]:
    yield from _visit(browser, live_server, **PHONE)


@pytest.fixture(params=[{}, PHONE], ids=["wide", "phone"])
def measured(request, browser: Browser, live_server, world: factories.World) -> Iterator[Visitor]:
    """A visitor whose pages are measured by axe, on a wide screen and on a phone."""
    yield from _visit(browser, live_server, **MEASURED, **request.param)


@pytest.fixture
def mail_server(world: factories.World) -> Iterator[Park]:
    """A mailbox that is set up, on a server with a certificate of the test CA."""
    park = Park()
    port = park.start(tls=GOOD, auth=accepts({"me@localhost": "geheim"}))
    MailAccount.objects.create(
        preset="other",
        address="me@localhost",
        display_name="Cabinet Trois-Lacs",
        host="localhost",
        port=port,
        security="starttls",
        username="me@localhost",
        certificate=CA_PEM,
        secret="geheim",
    )
    yield park
    park.stop()
