"""Patients in the admin: corrections in bulk, through the same services as the program's own pages."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from optamed.journal.admin import RecordedAdmin
from optamed.practice.access import may_read_notes, user_of
from patients.forms import CLINICAL
from patients.models import Patient
from patients.services import files


@admin.register(Patient)
class PatientAdmin(RecordedAdmin):
    """An owner who does not treat sees no clinical line here either."""

    list_display = ("list_name", "number_label", "birth_on", "postcode", "town", "email", "insurer", "archived_at")
    list_filter = ("language", "canton", "delivery", "mail_consent", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("search_text",)
    ordering = ("search_text",)
    actions = ("archive", "restore")

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if may_read_notes(user_of(request)) else CLINICAL

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[models.Model], change: bool) -> None:  # noqa: FBT001
        """The service numbers the file, folds the name for the search and writes the journal."""
        if not isinstance(obj, Patient):
            raise TypeError(obj)
        by = user_of(request)
        if change:
            typed = {name: form.cleaned_data[name] for name in form.changed_data}
            saved = files.update(patient=obj, version=obj.version, by=by, **typed)
        else:
            saved = files.create(by=by, **form.cleaned_data)
        obj.__dict__.update(saved.__dict__)

    @admin.action(description=_("Archive the chosen patients"))
    def archive(self, request: HttpRequest, queryset: QuerySet[Patient]) -> None:
        for patient in queryset:
            files.archive(patient=patient, by=user_of(request))

    @admin.action(description=_("Bring the chosen patients back"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Patient]) -> None:
        for patient in queryset:
            files.restore(patient=patient, by=user_of(request))
