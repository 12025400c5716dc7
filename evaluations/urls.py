"""Addresses of the council's meetings."""

from django.urls import path

from evaluations import views

app_name = "evaluations"

urlpatterns = [
    path("rapat/", views.list_meetings, name="list-meetings"),
    path("rapat/<slug:slug>/", views.view_meeting, name="view-meeting"),
    path("rapat/<slug:slug>/dimensi/<str:code>/", views.view_dimension, name="view-dimension"),
    path(
        "rapat/<slug:slug>/dimensi/<str:code>/evaluasi/",
        views.edit_evaluation,
        name="edit-evaluation",
    ),
]
