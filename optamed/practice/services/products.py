"""The practice's own articles."""

from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from optamed.practice.models import Product, User
from optamed.practice.services import records


class ProductFacts(TypedDict, total=False):
    """Price in CHF, VAT contained; ``tariff`` 1310 or 999."""

    tariff: str
    name: str
    price: Decimal
    vat_code: str


@transaction.atomic
def create(*, by: User, **facts: Unpack[ProductFacts]) -> Product:
    return records.store(Product(), facts, by=by)


@transaction.atomic
def update(*, product: Product, by: User, **facts: Unpack[ProductFacts]) -> Product:
    """Lines made before keep their text and price."""
    return records.store(product, facts, by=by)


@transaction.atomic
def archive(*, product: Product, by: User) -> Product:
    return records.put_away(product, by=by)


@transaction.atomic
def restore(*, product: Product, by: User) -> Product:
    return records.take_back(product, by=by)
