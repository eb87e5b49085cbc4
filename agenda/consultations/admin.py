"""Consultations in the admin: to look at, and nothing clinical. Notes have no page here at all."""

from typing import Any

from django.contrib import admin

from agenda.consultations.models import Consultation, ConsultationLine
from optamed.journal.admin import ReadOnlyAdmin


class LineInline(admin.TabularInline[ConsultationLine, Consultation]):
    """What was done."""

    model = ConsultationLine
    fields = ("tariff", "code", "own_text", "quantity", "unit_price")
    can_delete = False
    extra = 0

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Consultation)
class ConsultationAdmin(ReadOnlyAdmin):
    """Lines and facts are changed on the consultation's own page, where the rules of the tariff hold."""

    list_display = ("number_label", "treated_on", "patient", "therapist", "state", "billing_state", "amount")
    list_filter = ("state", "billing_state", "law", "therapist", "treated_on")
    list_select_related = ("patient", "therapist")
    search_fields = ("number", "patient__search_text")
    exclude = ("diagnosis", "diagnosis_type", "diagnosis_code", "address_text")
    inlines = (LineInline,)
