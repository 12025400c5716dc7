"""Addresses of progress reporting."""

from django.urls import path

from programs import views
from programs.plan_urls import urlpatterns as plan_urlpatterns

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
    *plan_urlpatterns,
]
