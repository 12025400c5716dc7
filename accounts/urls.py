"""The library's account pages that we use. Accounts are handed out, so none is made or mailed."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("masuk/", views.login, name="account_login"),
    path("keluar/", views.logout, name="account_logout"),
    path("nonaktif/", views.account_inactive, name="account_inactive"),
    path("daftar/", views.signup, name="account_signup"),
    path("konfirmasi/", views.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", views.password_change, name="account_change_password"),
]
