"""What every test may ask for. Deeper folders have their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from optamed.practice.models import User
from tests import factories


@pytest.fixture(autouse=True)
def fresh_state() -> Iterator[None]:
    """No language, cache or journal file travels from one test to the next."""
    cache.clear()
    Path(settings.JOURNAL_FILE).unlink(missing_ok=True)
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> factories.World:
    return factories.World()


@pytest.fixture
def owner(world: factories.World) -> User:
    return world.owner


@pytest.fixture
def secretary(world: factories.World) -> User:
    return factories.secretary()


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def signed_in(owner: User) -> Client:
    """The owner's browser."""
    return _signed_in(owner)


@pytest.fixture
def desk(secretary: User) -> Client:
    """The secretary's browser."""
    return _signed_in(secretary)


@pytest.fixture
def stranger(world: factories.World) -> Client:
    return Client()
