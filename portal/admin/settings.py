"""The form of settings in the Wagtail admin, which refuses stale saves like other forms without revisions."""

from django.urls import URLPattern, path
from wagtail.contrib.settings import views

from portal.admin.stale import RefusesStaleSaves


class SettingEditView(RefusesStaleSaves, views.EditView):
    """The one row of a kind of settings."""


def setting_urls() -> list[URLPattern]:
    """The address of Wagtail's own form, ahead of it (hook ``register_admin_urls``)."""
    return [path("settings/<slug:app_name>/<slug:model_name>/<int:pk>/", SettingEditView.as_view())]
