"""Who sees what of a patient: everybody who signs in sees whom the practice treats, clinical lines only who treats."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from optamed.practice.access import may_read_notes, user_of
from optamed.practice.models import User
from patients.models import Patient


def patient_for(request: HttpRequest, pk: int) -> Patient:
    """A file for a signed-in user, archived ones too; 404 where there is none."""
    user_of(request)
    return get_object_or_404(Patient, pk=pk)


def may_see_safety(user: User, patient: Patient) -> bool:
    """The safety line is clinical; the therapist may show it to the reception."""
    return patient.safety_for_reception or may_read_notes(user)
