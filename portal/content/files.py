"""Serve uploaded documents and images, each request checked against the reader's audience.

The media folder itself is never served: documents come through ``document``, images through ``image``.
"""

import mimetypes
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve as wagtail_serve
from wagtail.models import BaseViewRestriction, Collection, Page
from wagtail.users.models import UserProfile

from portal.audiences import can_open, hide
from portal.enums import Audience
from portal.exchange.downloads import content_disposition
from portal.models import PortalDocument, PortalImage, PortalRendition

# Raster formats a browser shows and cannot run; everything else is offered for saving.
SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
PUBLIC_SECONDS = 3600
# A file opened by its address runs nothing and loads nothing. A PDF shown in the browser is not put into a sandbox,
# where the viewer of Chromium shows nothing.
NOTHING_RUNS = "default-src 'none'"
SANDBOX = f"{NOTHING_RUNS}; sandbox"


def guard_document(document: PortalDocument, request: HttpRequest) -> None:
    """Hide it from readers outside the document's audience (Wagtail's hook ``before_serve_document``).

    What belongs to a person's file is opened by the page of that file alone, whatever the reader's role.
    """
    if document.is_personal or not can_open(request.user, document.audience):
        hide()
    if any(not restriction.accept_request(request) for restriction in closed(document.collection)):
        hide()


def guard_page(page: Page, request: HttpRequest, serve_args: Any, serve_kwargs: Any) -> None:
    """Hide a page from whom Wagtail's own restrictions leave out (hook ``before_serve_page``); some ask a password."""
    if any(not restriction.accept_request(request) for restriction in closed(page)):
        hide()


def closed(place: Page | Collection) -> list[BaseViewRestriction]:
    """Return the restrictions to signed-in people or groups on a page or a collection of documents."""
    restrictions = place.get_view_restrictions()
    return [one for one in restrictions if one.restriction_type != BaseViewRestriction.PASSWORD]


@require_safe
def document(request: HttpRequest, document_id: int, filename: str) -> HttpResponse:
    """Serve a document to those of its audience; only public ones may lie in a shared cache."""
    response = wagtail_serve(request, document_id, filename)
    if response.status_code not in (200, 304):
        return response
    is_shown = response.get("Content-Disposition", "").startswith("inline")
    if "Content-Disposition" in response:
        response["Content-Disposition"] = content_disposition(filename, inline=is_shown)
    response["Content-Security-Policy"] = NOTHING_RUNS if is_shown else SANDBOX
    is_public = PortalDocument.objects.filter(pk=document_id, audience=Audience.PUBLIC).exists()
    return _with_headers(response, is_public=is_public)


@require_safe
def image(request: HttpRequest, path: str) -> HttpResponse:
    """Serve an image or one of its scaled copies to those of its audience; nothing else of the media folder.

    Raises:
        Http404: no image has this path (documents never do).
    """
    audience = image_audience(path)
    if audience is None and not _is_open_avatar(request, path):
        raise Http404
    if audience is not None and not can_open(request.user, audience):
        hide()
    if not default_storage.exists(path):
        raise Http404
    modified = int(default_storage.get_modified_time(path).timestamp())
    known = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if known is not None and known >= modified:
        response: HttpResponse = HttpResponse(status=304)
    else:
        response = FileResponse(default_storage.open(path), content_type=kind, as_attachment=kind not in SHOWN_TYPES)
    response["Last-Modified"] = http_date(modified)
    response["Content-Security-Policy"] = SANDBOX
    return _with_headers(response, is_public=audience == Audience.PUBLIC)


def image_audience(path: str) -> str | None:
    """Return the audience of the image this path below the media folder belongs to, or None."""
    found = PortalRendition.objects.filter(file=path).values_list("image__audience", flat=True).first()
    return found or PortalImage.objects.filter(file=path).values_list("audience", flat=True).first()


def _is_open_avatar(request: HttpRequest, path: str) -> bool:
    """Pictures people give themselves in the admin are seen by who may open the admin."""
    return (
        path.startswith("avatar_images/")
        and request.user.is_authenticated
        and request.user.has_perm("wagtailadmin.access_admin")
        and UserProfile.objects.filter(avatar=path).exists()
    )


def _with_headers(response: HttpResponse, *, is_public: bool) -> HttpResponse:
    if is_public:
        patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    response["X-Content-Type-Options"] = "nosniff"
    return response
