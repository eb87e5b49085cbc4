"""Addresses of the directory and of the patient's file."""

from django.urls import path

from patients import views

app_name = "patients"
urlpatterns = [
    path("patients/", views.directory, name="list"),
    path("patients/new/", views.new, name="new"),
    path("patients/find/", views.find, name="find"),
    path("patients/place/", views.place, name="place"),
    path("patients/export/", views.export, name="export"),
    path("patients/<int:pk>/", views.patient, name="patient"),
    path("patients/<int:pk>/edit/", views.edit, name="edit"),
    path("patients/<int:pk>/archive/", views.archive, name="archive"),
    path("patients/<int:pk>/restore/", views.restore, name="restore"),
    path("patients/<int:pk>/consent/", views.consent, name="consent"),
]
