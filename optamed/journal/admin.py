"""The base of every admin page: corrections in bulk by the owner, checked and written in the journal."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from optamed.journal import services as journal


class RecordedAdmin(ModelAdmin[models.Model]):
    """Nothing is deleted here: records are archived or cancelled in the program, where the rules live."""

    list_per_page = 50
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[models.Model], change: bool) -> None:  # noqa: FBT001
        obj.full_clean()
        super().save_model(request, obj, form, change)
        journal.record(verb="corrected" if change else "created", subject=obj, by=request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(RecordedAdmin):
    """What the program must not change by hand: issued invoices, payments, what was sent."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
