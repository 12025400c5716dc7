"""Addresses where the rules of the figures are read and decided."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
