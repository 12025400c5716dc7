"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from ambon_smartcity import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("akun/", include("accounts.urls")),
    path("bahasa/", include("django.conf.urls.i18n")),
    path("kelola/", admin.site.urls),
    path("", include("dimensions.urls")),
    path("", include("programs.urls")),
    path("", include("evaluations.urls")),
    path("", include("reports.urls")),
]
