"""Settings of the program. What a practice changes is in the database; what a host changes is in the environment:

OPTAMED_DATA_DIR       folder of the data (otherwise the platform's own)
OPTAMED_DATABASE_URL   postgres://… for a practice that outgrows one computer
OPTAMED_HOSTS          names under which a hosted copy is reached; switches secure cookies and HTTPS on
OPTAMED_SECRET_KEY, OPTAMED_SECRET_KEYS   keys from outside instead of files in the data folder
OPTAMED_MAIL_GRACE     seconds before a mail leaves (180)
OPTAMED_ALLOW_PRIVATE_MAIL=1   mail servers in private networks may be used
OPTAMED_DEBUG=1        for developers
"""

from optamed import sqlite  # isort: skip  the SQLite library is chosen before anything imports one

import os
from pathlib import Path

import dj_database_url
import django_stubs_ext
import platformdirs
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from optamed import __version__
from optamed.core.keyfile import kept

django_stubs_ext.monkeypatch()  # lets classes of Django be written with the type they hold

VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("OPTAMED_DATA_DIR") or platformdirs.user_data_dir("OptaMed", appauthor=False))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEBUG = os.environ.get("OPTAMED_DEBUG") == "1"


def _new_key() -> bytes:
    return get_random_secret_key().encode()


SECRET_KEY = os.environ.get("OPTAMED_SECRET_KEY") or kept(DATA_DIR / "session.key", _new_key).decode()
SECRETS_KEY_FILE = DATA_DIR / "secrets.key"
JOURNAL_FILE = DATA_DIR / "journal.sqlite3"
FIRST_RUN_TOKEN_FILE = DATA_DIR / "first-run.token"
QUEUE_FILE = DATA_DIR / "queue.sqlite3"

# --- who may come -----------------------------------------------------------------------------------------------
HOSTS = [host for host in os.environ.get("OPTAMED_HOSTS", "").split(",") if host]
HOSTED = bool(HOSTS)
ALLOWED_HOSTS = HOSTS or ["localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HOSTED
SECURE_HSTS_SECONDS = 31536000 if HOSTED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HOSTED
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOSTED else None
# Cookies do not know ports: own names keep other programs on localhost out of the way.
SESSION_COOKIE_NAME = "optamed_session"
CSRF_COOKIE_NAME = "optamed_csrf"
LANGUAGE_COOKIE_NAME = "optamed_language"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the preview of a PDF stands in a frame of our own
# On http://localhost there is no HTTPS to insist on (W004, W008, W012, W016), and our own pages frame PDFs (W019).
SILENCED_SYSTEM_CHECKS = ["security.W019"] + (
    [] if HOSTED else ["security.W004", "security.W008", "security.W012", "security.W016"]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF, NONCE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [SELF],
    }
}

# --- the house, from left to right --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "optamed.core",
    "optamed.journal",
    "optamed.practice",
    "patients",
    "agenda.calendar",
    "agenda.consultations",
    "billing",
    "mailing",
    "optamed.desk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "django_filters",
    "import_export",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "optamed.core.htmx.HtmxManners",
    "optamed.practice.middleware.IdleLock",
    "optamed.practice.middleware.UserLanguage",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "optamed.practice.middleware.NoStore",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "optamed.urls"
WSGI_APPLICATION = "optamed.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "optamed.practice.context.shell",
                "optamed.desk.context.trouble",
            ],
            "builtins": ["optamed.core.templatetags.optamed"],
        },
    }
]
FORM_RENDERER = "optamed.core.forms.OptaRenderer"

# --- data -----------------------------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("OPTAMED_DATABASE_URL", "")
DATABASES = {
    "default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60))
    if DATABASE_URL
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "optamed.sqlite3",
        "CONN_MAX_AGE": None,  # one connection per thread: a new one costs 1 ms, and 3 ms more per write
        "OPTIONS": sqlite.OPTIONS,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- sign-in --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "practice:sign-in"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "practice:sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "optamed.practice.views.sign_in.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# --- languages, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", _("French")), ("de", _("German")), ("it", _("Italian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "optamed" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Zurich"

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "optamed.core.static_files.HashedFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- the program's own ----------------------------------------------------------------------------------------------
MAIL_GRACE_SECONDS = int(os.environ.get("OPTAMED_MAIL_GRACE", "180"))
ALLOW_PRIVATE_MAIL = os.environ.get("OPTAMED_ALLOW_PRIVATE_MAIL") == "1"

LOG_DIR = DATA_DIR / "logs"
LOG_DIR.mkdir(mode=0o700, exist_ok=True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": LOG_DIR / "optamed.log",
            "maxBytes": 2_000_000,
            "backupCount": 5,
            "delay": True,
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["file"], "level": "INFO"},
    "loggers": {
        "huey": {"level": "WARNING"},
        "waitress": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
