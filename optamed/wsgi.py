"""The WSGI application, for the program's own server and for a host's."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optamed.settings")
application = get_wsgi_application()
