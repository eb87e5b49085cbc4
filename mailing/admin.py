"""The outbox in the admin: to look at. A frozen message is never corrected."""

from django.contrib import admin

from mailing.models import Message
from optamed.journal.admin import ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Search and filter."""

    list_display = ("created_at", "recipient", "subject", "state", "last_key", "sent_at")
    list_filter = ("state", "kind")
    search_fields = ("recipient", "subject")
    exclude = ("mime", "lease")
