"""Addresses of notices."""

from django.urls import path

from portal.notices import views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read, name="read_notices"),
    path("channels/", views.channels, name="notice_channels"),
    path("robots/", views.robots, name="chat_robots"),
]
