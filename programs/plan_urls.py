"""Addresses where the secretariat plans programmes, activities and indicators."""

from django.urls import path

from programs.plan_views import activities, archive, indicators, programs

PROGRAM = "rencana/program/<int:pk>"
ACTIVITY = "rencana/kegiatan/<int:pk>"
INDICATOR = "rencana/indikator/<int:pk>"

urlpatterns = [
    path("rencana/program/baru/", programs.add_program, name="add-program"),
    path(f"{PROGRAM}/ubah/", programs.edit_program, name="edit-program"),
    path(f"{PROGRAM}/akhir/", programs.close_program, name="close-program"),
    path(f"{PROGRAM}/percepatan/", programs.mark_quick_win, name="mark-quick-win"),
    path(f"{PROGRAM}/hapus/", archive.delete_program, name="delete-program"),
    path(f"{PROGRAM}/pulihkan/", archive.restore_program, name="restore-program"),
    path(f"{PROGRAM}/kegiatan/baru/", activities.add_activity, name="add-activity"),
    path(f"{ACTIVITY}/ubah/", activities.edit_activity, name="edit-activity"),
    path(f"{ACTIVITY}/pindah/", activities.move_activity, name="move-activity"),
    path(f"{ACTIVITY}/tahun/", activities.edit_years, name="edit-years"),
    path(f"{ACTIVITY}/hapus/", archive.delete_activity, name="delete-activity"),
    path(f"{ACTIVITY}/pulihkan/", archive.restore_activity, name="restore-activity"),
    path(f"{ACTIVITY}/indikator/baru/", indicators.add_indicator, name="add-indicator"),
    path(f"{INDICATOR}/ubah/", indicators.edit_indicator, name="edit-indicator"),
    path(f"{INDICATOR}/target/", indicators.edit_targets, name="edit-targets"),
    path(f"{INDICATOR}/hapus/", archive.delete_indicator, name="delete-indicator"),
    path(f"{INDICATOR}/pulihkan/", archive.restore_indicator, name="restore-indicator"),
]
