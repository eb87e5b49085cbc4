"""Full paths: the root includes every app at the root."""

from django.urls import path

from agenda.calendar.views import agenda, booking, first, hours, panel, services

app_name = "calendar"
urlpatterns = [
    path("agenda/", agenda.week, name="week"),
    path("agenda/events/", agenda.events, name="events"),
    path("agenda/new/", booking.new, name="new"),
    path("agenda/<int:pk>/", panel.appointment, name="appointment"),
    path("agenda/<int:pk>/arrive/", panel.arrive, name="arrive"),
    path("agenda/<int:pk>/miss/", panel.miss, name="miss"),
    path("agenda/<int:pk>/back/", panel.back, name="back"),
    path("agenda/<int:pk>/cancel/", panel.cancel, name="cancel"),
    path("agenda/<int:pk>/move/", booking.move, name="move"),
    path("agenda/<int:pk>/consent/", panel.consent, name="consent"),
    path("patients/<int:pk>/appointments/", panel.of_patient, name="of-patient"),
    path("settings/services/", services.services, name="services"),
    path("settings/services/first/", first.first, name="first-services"),
    path("settings/services/new/", services.service_new, name="service-new"),
    path("settings/services/<int:pk>/", services.service, name="service"),
    path("settings/services/<int:pk>/archive/", services.service_archive, name="service-archive"),
    path("settings/services/<int:pk>/restore/", services.service_restore, name="service-restore"),
    path("settings/hours/", hours.hours, name="hours"),
]
