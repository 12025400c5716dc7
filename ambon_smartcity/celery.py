"""The queue. A message is only a hint that a row in the database waits; see docs/decisions/0002."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ambon_smartcity.settings")

app = Celery("ambon_smartcity")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
