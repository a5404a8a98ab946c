"""URL configuration. Public addresses are a contract: see docs/architecture.md."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views.serve import authenticate_with_password
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.admin.wagtail_forms import collection_form_urls
from portal.admin.writes import in_one_transaction
from portal.content import files
from portal.content import views as content_views
from portal.equipment import views as unit_views
from portal.equipment.model_views import model_page
from portal.organisations import views as network_views
from portal.registry.routers import routers
from portal.search.results import urls as search_urls
from portal.web import views as web_views
from portal.web import well_known
from portal.web.api import addresses, api
from portal.web.problems import unknown_address

for prefix, router in routers():
    api.add_router(prefix, router)

#: Errors that middleware raises pass no view's handler: a session that cannot be saved.
handler400 = "portal.web.unavailable.unreadable"
handler500 = "portal.web.unavailable.failed"

urlpatterns = [
    path("robots.txt", well_known.robots, name="robots"),
    path("favicon.ico", well_known.favicon, name="favicon"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("security.txt", well_known.security),
    path(".well-known/jwks.json", well_known.key_set, name="jwks"),
    re_path(r"^keys/(?P<thumbprint>[-\w]{43})\.(?P<form>json|pem)$", well_known.key, name="signing_key"),
    path("healthz", web_views.healthz, name="healthz"),
    path("readyz", web_views.readyz, name="readyz"),
    path("cms/login/", web_views.admin_login),
    path("_util/login/", web_views.page_login),
    path("cms/", include(decorate_urlpatterns(collection_form_urls(), in_one_transaction))),
    path("cms/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, in_one_transaction))),
    path("accounts/", include("allauth.urls")),
    path("language/", web_views.choose_language, name="set_language"),
    path("documents/<int:document_id>/<path:filename>", files.document, name="wagtaildocs_serve"),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("media/<path:path>", files.image, name="image"),
    path("api/v1/", addresses()),
    re_path(r"^api(?:/(?P<rest>.*))?$", unknown_address),
    path("", include("portal.offline.urls")),
    path("", include(search_urls)),
    path("me/", content_views.me, name="me"),
    path("e/<str:token>/", unit_views.unit_by_label, name="unit"),
    path("equipment/<path:code>/", model_page, name="equipment_model"),
    path("units/", unit_views.unit_list, name="unit_list"),
    path("units/labels.pdf", unit_views.label_sheet, name="unit_labels"),
    path("units/<int:pk>/", unit_views.unit_file, name="unit_file"),
    path("notices/", include("portal.notices.urls")),
    path("bar/", include("portal.bar.urls")),
    path("retention/", include("portal.retention.urls")),
    path("network/", network_views.network, name="network"),
    path("imports/", include("portal.exchange.imports.urls")),
    path("kb/", include("kb.urls")),
    path("courses/", include("courses.urls")),
    path("calendar/", include("courses.calendars.urls")),
    path("certification/", include("certification.urls")),
    path("verify/", include("certification.certificates.urls")),
    *([path("styleguide/", TemplateView.as_view(template_name="styleguide.html"))] if settings.DEBUG else []),
    path("", content_views.home, name="home"),
    path("", include(wagtail_urls)),
]
