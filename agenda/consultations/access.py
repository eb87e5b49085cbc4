"""Who sees what: that a visit took place, everybody who signs in; what was said and found, only who treats."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agenda.consultations.models import Consultation
from optamed.practice.access import may_read_notes, user_of
from optamed.practice.models import User


def consultation_for(request: HttpRequest, pk: int) -> Consultation:
    """A consultation for a signed-in user; 404 where there is none."""
    user_of(request)
    found = Consultation.objects.select_related("patient", "therapist", "address", "appointment__type")
    return get_object_or_404(found, pk=pk)


def may_read_note(user: User, consultation: Consultation) -> bool:  # noqa: ARG001  rules per author will ask for it
    """Note and diagnosis are for those who treat. The therapists of a practice share them."""
    return may_read_notes(user)
