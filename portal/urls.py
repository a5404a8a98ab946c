"""Addresses of the portal. The public ones are a contract: see docs/architecture.md."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views.serve import authenticate_with_password

from portal import views, views_files, views_units
from portal.api import api
from portal.search import urls as search_urls

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("cms/login/", views.admin_login),
    path("_util/login/", views.page_login),
    path("cms/", include(wagtailadmin_urls)),
    path("accounts/", include("allauth.urls")),
    path("language/", views.choose_language, name="set_language"),
    path("documents/<int:document_id>/<path:filename>", views_files.document, name="wagtaildocs_serve"),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("media/<path:path>", views_files.image, name="image"),
    path("api/v1/", api.urls),
    path("", include(search_urls)),
    path("me/", views.me, name="me"),
    path("e/<str:token>/", views_units.unit_by_label, name="unit"),
    path("units/", views_units.unit_list, name="unit_list"),
    path("units/labels.pdf", views_units.label_sheet, name="unit_labels"),
    path("units/<int:pk>/", views_units.unit_file, name="unit_file"),
    path("kb/", include("kb.urls")),
    path("courses/", include("courses.urls")),
    path("calendar/", include("courses.feed_urls")),
    path("certification/", include("certification.urls")),
    path("verify/", include("certification.verify_urls")),
    *([path("styleguide/", TemplateView.as_view(template_name="styleguide.html"))] if settings.DEBUG else []),
    path("", views.home, name="home"),
    path("", include(wagtail_urls)),
]
