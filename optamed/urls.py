"""Every address of the program. Each app writes its own paths in full; the admin's own sign-in is sent to ours."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

admin.site.site_title = admin.site.site_header = "OptaMed"
admin.site.unregister(Group)  # roles are three ticks on a user
admin.site.index_title = _("Corrections in bulk")

urlpatterns = [
    path("", include("optamed.practice.urls")),
    path("", include("patients.urls")),
    path("", include("agenda.calendar.urls")),
    path("", include("agenda.consultations.urls")),
    path("", include("billing.urls")),
    path("", include("mailing.urls")),
    path("", include("optamed.desk.urls")),
    path("admin/", admin.site.urls),
]
