"""Addresses where the rules of the figures are read and decided."""

from django.urls import path

from programs import rule_views

urlpatterns = [
    path("rencana/metode/", rule_views.view_method, name="view-method"),
    path("rencana/metode/kelas/baru/", rule_views.add_scale, name="add-scale"),
    path("rencana/metode/<int:pk>/baru/", rule_views.edit_method, name="edit-method"),
    path("rencana/bobot/<slug:kind>/<int:pk>/", rule_views.edit_weights, name="edit-weights"),
]
