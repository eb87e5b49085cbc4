"""Who sees which messages, and who may touch the mailbox."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from mailing.models import MailAccount, Message
from mailing.querysets import MessageQuerySet
from optamed.practice import access as practice_access
from optamed.practice.models import User


def messages_of(request: HttpRequest) -> MessageQuerySet:
    """What the signed-in user may see of the outbox."""
    return Message.objects.for_user(practice_access.user_of(request))


def message_for(request: HttpRequest, pk: int) -> Message:
    """One message, or 404."""
    return get_object_or_404(messages_of(request).select_related("patient", "invoice", "created_by"), pk=pk)


def mailbox() -> MailAccount | None:
    """The practice's mailbox, if one was set up."""
    return MailAccount.objects.active()


def may_read(user: User, message: Message) -> bool:
    """The text of an invoice's mail is for everybody; others may touch on health and are for those who treat."""
    return message.kind == Message.Kind.INVOICE or user.is_therapist or user.is_owner
