"""The portal's own settings, with a throw-away data folder and without https."""

import os
import tempfile

_folder = tempfile.TemporaryDirectory(prefix="portal-tests-")  # removed when the tests end
os.environ["PORTAL_DATA_DIR"] = _folder.name
os.environ.setdefault("PORTAL_HTTPS", "0")

from ambon_smartcity.settings import *  # noqa: F403
from ambon_smartcity.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
