"""What stands in the rail, the phone bar and under "New"; a place whose page does not exist stays away."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Item:
    """A place: its page by URL name, its key (one letter that leads there), whether it opens in the dialog.

    ``leads_to`` names a page of another address that is reached from here.
    """

    name: str
    url_name: str
    icon: str
    label: str | Promise
    key: str = ""
    dialog: bool = False
    leads_to: str = ""


PLACES: Sequence[Item] = (
    Item("today", "desk:today", "house", _("Today"), key="t"),
    Item("calendar", "calendar:week", "calendar-days", _("Calendar")),
    Item("patients", "patients:list", "users", _("Patients")),
    Item("consultations", "consultations:list", "clipboard-list", _("Consultations")),
    Item("invoices", "billing:invoices", "receipt-text", _("Invoices")),
    Item("payments", "billing:payments", "hand-coins", _("Payments")),
    Item("messages", "mailing:messages", "mail", _("Messages")),
    Item("statistics", "desk:statistics", "chart-column", _("Statistics"), leads_to="billing:books"),
)
FOOT: Sequence[Item] = (Item("settings", "practice:settings", "settings", _("Settings")),)
ON_PHONE = 5  # places in the bar at the bottom
NEW: Sequence[Item] = (
    Item("appointment", "calendar:new", "calendar-plus", pgettext_lazy("new", "Appointment"), dialog=True),
    Item("patient", "patients:new", "user-plus", pgettext_lazy("new", "Patient"), dialog=True),
    Item("consultation", "consultations:new", "clipboard-list", pgettext_lazy("new", "Consultation"), dialog=True),
    Item("invoice", "billing:invoice-new", "receipt-text", pgettext_lazy("new", "Invoice")),
    Item("payment", "billing:payment-new", "hand-coins", pgettext_lazy("new", "Payment"), dialog=True),
    Item("bank-file", "billing:bank-file", "landmark", pgettext_lazy("new", "Bank file")),
)
