"""Addresses of consultations, and of what a patient's file shows of them."""

from django.urls import path

from agenda.consultations.views import listing, of_patient, opening, parts, record

app_name = "consultations"
urlpatterns = [
    path("consultations/", listing.consultations, name="list"),
    path("consultations/export/", listing.export, name="export"),
    path("consultations/new/", opening.new, name="new"),
    path("consultations/open/<int:pk>/", opening.open_visit, name="open"),
    path("consultations/<int:pk>/", record.consultation, name="consultation"),
    path("consultations/<int:pk>/note/", record.note, name="note"),
    path("consultations/<int:pk>/lines/", parts.lines, name="lines"),
    path("consultations/<int:pk>/lines/draft/", parts.lines_draft, name="lines-draft"),
    path("consultations/<int:pk>/positions/", parts.positions, name="positions"),
    path("consultations/<int:pk>/facts/", parts.facts, name="facts"),
    path("consultations/<int:pk>/address/", record.take_over_address, name="take-over-address"),
    path("consultations/<int:pk>/close/", record.close, name="close"),
    path("consultations/<int:pk>/reopen/", record.reopen, name="reopen"),
    path("consultations/<int:pk>/delete/", record.delete, name="delete"),
    path("patients/<int:pk>/consultations/", of_patient.of_patient, name="of-patient"),
    path("patients/<int:pk>/timeline/", of_patient.timeline, name="timeline"),
    path("patients/<int:pk>/last-note/", of_patient.last_note, name="last-note"),
    path("patients/<int:pk>/now/", of_patient.now, name="now"),
    path("patients/<int:pk>/next-visit/", of_patient.next_visit, name="next-visit"),
]
