"""The portal of the Ambon Smart City Council: settings, URLs and what all apps share."""

from ambon_smartcity.celery import app as celery_app

__all__ = ["celery_app"]
