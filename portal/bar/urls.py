"""Addresses of the changes of the bar."""

from django.urls import path

from portal.bar import views

urlpatterns = [
    path("", views.changes, name="bar_changes"),
    path("<int:pk>/confirm/", views.confirm, name="bar_confirm"),
]
