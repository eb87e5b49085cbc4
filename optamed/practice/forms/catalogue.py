"""Looking into the tariff."""

from django import forms
from django.utils.translation import gettext_lazy as _

from optamed.core.forms import DayField, OptaForm


class CatalogueForm(OptaForm):
    """Words or a code, and the day for which the positions must be valid."""

    mark_required = False
    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    on = DayField(label=_("Valid on"), required=False)
