"""The owner of a practice that has nothing else yet, and a browser for anybody."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from optamed.practice.models import Product, Therapist, User
from tests import factories


@pytest.fixture
def owner(db: None) -> User:
    factories.practice()
    return factories.owner(email="claire@example.ch")


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A browser of its own for each user."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign


@pytest.fixture
def records(owner: User) -> dict[str, int]:
    """One of each, by the first word of its page."""
    place = factories.address()
    return {
        "address": place.pk,
        "therapist": factories.therapist(at=place).pk,
        "price": Therapist.objects.get().pk,
        "user": factories.secretary().pk,
        "account": factories.account().pk,
        "product": Product.objects.create(name="Arnica C30, Boiron, 5 g", price=Decimal("12.50")).pk,
    }
