"""What this program is: version, licence, where the data is."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from optamed.practice.models import TariffPosition


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    tariff = TariffPosition.objects.order_by("-version").values_list("version", flat=True).first()
    facts = {
        "version": settings.VERSION,
        "folder": settings.DATA_DIR,
        "database": connection.display_name,
        "tariff": tariff,
    }
    return render(request, "practice/about.html", facts)
