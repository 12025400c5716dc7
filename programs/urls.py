"""Addresses of figures, of progress reporting, and of the plan's own pages."""

from django.urls import path

from programs import explain_views, figure_views, thing_views, views
from programs.plan_urls import urlpatterns as plan_urlpatterns
from programs.rule_urls import urlpatterns as rule_urlpatterns

app_name = "programs"

urlpatterns = [
    path("realisasi/<int:activity_id>/<int:period_id>/", views.edit_entry, name="edit-entry"),
    path("entri/<int:pk>/", views.view_entry, name="view-entry"),
    path("entri/<int:pk>/ajukan/", views.submit_entry_view, name="submit-entry"),
    path("verifikasi/", views.review_queue, name="review-queue"),
    path("verifikasi/<int:pk>/", views.review_entry, name="review-entry"),
    path("verifikasi/<int:pk>/terima/", views.verify_entry_view, name="verify-entry"),
    path("bukti/<int:pk>/", views.download_evidence, name="download-evidence"),
    path("bukti/<int:pk>/hapus/", views.delete_evidence, name="delete-evidence"),
    path("capaian/", figure_views.view_city, name="view-city"),
    path("capaian/dimensi/<slug:code>/", figure_views.view_dimension, name="view-dimension"),
    path("capaian/banding/", figure_views.compare, name="compare"),
    path("program/", figure_views.list_programs, name="list-programs"),
    path("program/<int:pk>/", thing_views.view_program, name="view-program"),
    path("kegiatan/<int:pk>/", thing_views.view_activity, name="view-activity"),
    path("indikator/<int:pk>/", thing_views.view_indicator, name="view-indicator"),
    path("organisasi/", thing_views.list_organizations, name="list-organizations"),
    path("organisasi/<slug:code>/", thing_views.view_organization, name="view-organization"),
    path("pelaporan/", figure_views.view_reporting, name="view-reporting"),
    path(
        "angka/<slug:kind>/<int:key>/<int:year>/",
        explain_views.explain_number,
        name="explain-number",
    ),
    *plan_urlpatterns,
    *rule_urlpatterns,
]
