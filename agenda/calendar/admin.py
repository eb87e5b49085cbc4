"""Bulk corrections of services, hours and appointments, by the owner."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from agenda.calendar.models import Appointment, AppointmentType, SuggestedLine, WorkingHours
from optamed.journal.admin import RecordedAdmin


class SuggestedLineInline(admin.TabularInline[SuggestedLine, AppointmentType]):
    model = SuggestedLine
    extra = 0


@admin.register(AppointmentType)
class AppointmentTypeAdmin(RecordedAdmin):
    list_display = ("name", "minutes", "buffer_before", "buffer_after", "is_first_visit", "missed_fee", "archived_at")
    search_fields = ("name",)
    inlines = (SuggestedLineInline,)


@admin.register(WorkingHours)
class WorkingHoursAdmin(RecordedAdmin):
    list_display = ("therapist", "address", "weekday", "opens", "closes", "valid_from", "valid_to")
    list_filter = ("therapist", "address", "weekday")


@admin.register(Appointment)
class AppointmentAdmin(RecordedAdmin):
    """States are changed in the program, where the rules live; here the therapist, the place, the note."""

    list_display = ("starts_at", "patient", "therapist", "address", "type", "state")
    list_filter = ("state", "therapist", "address", "type")
    search_fields = ("patient__search_text", "note")
    date_hierarchy = "starts_at"
    readonly_fields = ("patient", "starts_at", "ends_at", "state", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("patient", "therapist", "address", "type")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False
