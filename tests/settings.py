"""The portal's own settings, with a throw-away data folder and without https."""

import os
import tempfile

os.environ["PORTAL_DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
os.environ.setdefault("PORTAL_HTTPS", "0")

from ambon_smartcity.settings import *  # noqa: E402, F403
from ambon_smartcity.settings import STORAGES  # noqa: E402

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
