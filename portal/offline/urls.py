"""URLs of the installable app; all stand at the top, where browsers and the worker's scope want them."""

from django.urls import path

from portal.offline import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.worker, name="worker"),
    path("offline/", views.page, name="offline"),
    path("offline/token/", views.token, name="offline_token"),
]
