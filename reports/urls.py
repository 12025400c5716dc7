"""Addresses of reports."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("laporan/", views.list_versions, name="list-versions"),
    path("laporan/<int:pk>/unduh/", views.download_report, name="download-report"),
    path("laporan/<int:pk>/terbitkan/", views.publish_report, name="publish-report"),
    path("laporan/pekerjaan/<int:pk>/", views.view_job, name="view-job"),
    path("rapat/<slug:slug>/buat-laporan/", views.make_report, name="make-report"),
]
