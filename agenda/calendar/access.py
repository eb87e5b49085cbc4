"""Load and authorise in one step. Appointments and contacts are everybody's; the safety note is not."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agenda.calendar.models import Appointment, AppointmentType
from optamed.practice import access as practice_access
from optamed.practice.models import User
from patients.access import may_see_safety
from patients.models import Patient


def appointment_for(request: HttpRequest, pk: int) -> Appointment:
    """An appointment with the people and the place it names; 404 when there is none."""
    practice_access.user_of(request)
    return get_object_or_404(Appointment.objects.for_lists(), pk=pk)


def type_for(request: HttpRequest, pk: int) -> AppointmentType:
    practice_access.user_of(request)
    return get_object_or_404(AppointmentType, pk=pk)


def safety_note_for(user: User, patient: Patient) -> str:
    """The safety note, for those who may see it."""
    return patient.safety_note if may_see_safety(user, patient) else ""
