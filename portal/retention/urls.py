"""Addresses of retention."""

from django.urls import path

from portal.retention import views

urlpatterns = [
    path("", views.retention, name="retention"),
    path("<int:pk>/decide/", views.decide, name="decide_retention"),
]
