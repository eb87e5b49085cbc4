"""Settings of the test run: a temp folder for data, quick hashes, work done at once."""

import atexit
import os
import shutil
import tempfile

# One folder per process: the workers of a parallel run must not share a journal.
FOLDER = tempfile.mkdtemp(prefix="optamed-tests-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["OPTAMED_DATA_DIR"] = FOLDER
os.environ["OPTAMED_TESTING"] = "1"

from optamed.settings import *  # noqa: E402

SECRET_KEY = "tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, since threads of a live server share it; without fsync, since nothing of it must last.
    DATABASES["default"]["TEST"] = {"NAME": f"{FOLDER}/tests.sqlite3"}
    quick = sqlite.OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = sqlite.OPTIONS | {"init_command": quick}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = [entry for entry in MIDDLEWARE if "whitenoise" not in entry]
INSTALLED_APPS = [entry for entry in INSTALLED_APPS if "whitenoise" not in entry]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
AXES_ENABLED = False  # the tests of the throttle switch it on
MAIL_GRACE_SECONDS = 0
HUEY_IMMEDIATE = True
LANGUAGE_CODE = "en"
