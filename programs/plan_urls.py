"""Addresses where the secretariat plans programmes, activities and indicators."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
