"""Bulk corrections of the practice's records by the owner.

Accounts and their roles are changed in the settings, where the rules live.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from import_export.admin import ImportExportModelAdmin
from import_export.resources import ModelResource

from optamed.core import identifiers
from optamed.journal.admin import ReadOnlyAdmin, RecordedAdmin
from optamed.practice.forms.fields import IdentifierField
from optamed.practice.models import (
    BankAccount,
    Practice,
    PracticeAddress,
    Product,
    TariffPosition,
    Therapist,
    TherapistPlace,
    TherapistPrice,
    User,
    VatRate,
)


def form_with(name: str, rule: Callable[[str], str], *, required: bool = False) -> type[forms.ModelForm[Any]]:
    """A form whose number is kept plain, however it was typed."""
    return type(f"With{name.title()}", (forms.ModelForm,), {name: IdentifierField(rule, required=required)})


class TariffResource(ModelResource):  # type: ignore[misc]  # the package is untyped
    """A position is known by tariff, code and first day, so an import can be repeated."""

    class Meta:
        model = TariffPosition
        import_id_fields = ("tariff", "code", "valid_from")
        exclude = ("id",)
        skip_unchanged = True
        clean_model_instances = True


@admin.register(TariffPosition)
class TariffPositionAdmin(ImportExportModelAdmin, RecordedAdmin):  # type: ignore[misc]
    resource_classes = (TariffResource,)
    list_display = ("code", "text_fr", "text_de", "unit", "valid_from", "valid_to", "certified_only")
    list_filter = ("unit", "certified_only", "version")
    search_fields = ("code", "text_fr", "text_de", "text_it")


@admin.register(Practice)
class PracticeAdmin(RecordedAdmin):
    list_display = ("name", "language", "payment_days")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(PracticeAddress)
class PracticeAddressAdmin(RecordedAdmin):
    list_display = ("label", "name", "postcode", "town", "canton", "gln", "archived_at")
    search_fields = ("label", "name", "town", "gln")
    form = form_with("gln", identifiers.clean_gln)


@admin.register(Therapist)
class TherapistAdmin(RecordedAdmin):
    list_display = ("last_name", "first_name", "profession", "gln", "vat", "archived_at")
    search_fields = ("last_name", "first_name", "gln", "places__rcc")
    list_filter = ("vat",)
    form = form_with("gln", identifiers.clean_gln)


@admin.register(TherapistPlace)
class TherapistPlaceAdmin(RecordedAdmin):
    list_display = ("therapist", "address", "rcc")
    list_filter = ("address",)
    search_fields = ("rcc", "therapist__last_name")
    form = form_with("rcc", identifiers.clean_rcc)


@admin.register(TherapistPrice)
class TherapistPriceAdmin(RecordedAdmin):
    list_display = ("therapist", "code", "price")
    list_filter = ("therapist",)
    search_fields = ("code",)
    list_editable = ("price",)
    list_display_links = ("therapist",)


@admin.register(BankAccount)
class BankAccountAdmin(RecordedAdmin):
    list_display = ("label", "iban", "slip", "holder", "is_default", "archived_at")
    search_fields = ("label", "iban", "holder")
    form = form_with("iban", identifiers.clean_iban, required=True)


@admin.register(Product)
class ProductAdmin(RecordedAdmin):
    list_display = ("name", "tariff", "price", "vat_code", "archived_at")
    list_filter = ("tariff", "vat_code")
    search_fields = ("name",)


@admin.register(VatRate)
class VatRateAdmin(RecordedAdmin):
    list_display = ("code", "rate", "valid_from")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "is_owner", "is_therapist", "is_secretary", "is_active", "last_login")
    list_filter = ("is_owner", "is_therapist", "is_secretary", "is_active")
    search_fields = ("name", "email")
    exclude = ("password",)
