"""Addresses of the plan: masterplans, dimensions, organisations."""

from django.urls import path

from dimensions import organization_views as organizations
from dimensions import views

app_name = "dimensions"

urlpatterns = [
    path("rencana/", views.plan, name="plan"),
    path("rencana/masterplan/baru/", views.add_masterplan, name="add-masterplan"),
    path("rencana/masterplan/<int:pk>/", views.view_masterplan, name="view-masterplan"),
    path("rencana/masterplan/<int:pk>/ubah/", views.edit_masterplan, name="edit-masterplan"),
    path("rencana/masterplan/<int:pk>/revisi/", views.add_revision, name="add-revision"),
    path("rencana/dimensi/", views.list_dimensions, name="list-dimensions"),
    path("rencana/dimensi/<slug:code>/ubah/", views.edit_dimension, name="edit-dimension"),
    path("rencana/organisasi/baru/", organizations.add_organization, name="add-organization"),
    path(
        "rencana/organisasi/<slug:code>/ubah/",
        organizations.edit_organization,
        name="edit-organization",
    ),
    path(
        "rencana/organisasi/<slug:code>/nama/",
        organizations.rename_organization,
        name="rename-organization",
    ),
    path("rencana/organisasi/<slug:code>/alias/", organizations.add_alias, name="add-alias"),
    path(
        "rencana/organisasi/<slug:code>/alias/<int:pk>/hapus/",
        organizations.remove_alias,
        name="remove-alias",
    ),
    path(
        "rencana/organisasi/<slug:code>/arsip/",
        organizations.archive_organization,
        name="archive-organization",
    ),
    path(
        "rencana/organisasi/<slug:code>/pulihkan/",
        organizations.restore_organization,
        name="restore-organization",
    ),
    path(
        "rencana/organisasi/<slug:code>/hapus/",
        organizations.delete_organization,
        name="delete-organization",
    ),
]
