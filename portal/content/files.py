"""Serve uploaded documents and images, each request checked against the reader's audience.

The media folder itself is never served: documents come through ``document``, images through ``image``.
"""

import mimetypes
import re
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve as wagtail_serve
from wagtail.models import BaseViewRestriction, Collection, Page, ReferenceIndex
from wagtail.permissions import policy_registry
from wagtail.users.models import UserProfile

from portal.access import audit
from portal.audiences import can_open, hide
from portal.content.picture_stamps import never_kept, stamped_file
from portal.content.stamping import taken
from portal.enums import Audience
from portal.exchange.downloads import content_disposition
from portal.models import PortalDocument, PortalImage, PortalRendition
from portal.registry.pictures import Showing, linked_to, showing

# Formats a browser shows and cannot run; everything else is offered for saving.
DRAWING_TYPE = "image/svg+xml"
SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", DRAWING_TYPE})
VIDEO_TYPES = frozenset({"video/mp4", "video/webm"})
# Opened by itself a drawing is a document: it may draw and carry its own colours, and nothing else.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
BYTES = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
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
    found = PortalDocument.objects.filter(pk=document_id).first()
    if found is not None and found.audience == Audience.RESTRICTED and response.status_code == 200:
        response = taken(request, found, response)
    is_shown = response.get("Content-Disposition", "").startswith("inline")
    if "Content-Disposition" in response:
        response["Content-Disposition"] = content_disposition(filename, inline=is_shown)
    response["Content-Security-Policy"] = NOTHING_RUNS if is_shown else SANDBOX
    is_public = found is not None and found.audience == Audience.PUBLIC
    return _with_headers(response, is_public=is_public)


@require_safe
def image(request: HttpRequest, path: str) -> HttpResponse:
    """Serve an image or one of its scaled copies to those of its audience; nothing else of the media folder.

    Raises:
        Http404: no image has this path (documents never do).
    """
    found = image_of(path)
    if found is None and not _is_open_avatar(request, path):
        raise Http404
    audience = found.audience if found else None
    if found is not None:
        places = _shown_by(found)
        if not (can_open(request.user, found.audience) and _may_see_where_shown(request, places)):
            hide()
        if audience == Audience.RESTRICTED or _is_shown_restricted(places):
            return serve_restricted(request, path, found)
    return serve_stored(request, path, is_public=audience == Audience.PUBLIC)


def serve_restricted(request: HttpRequest, path: str, subject: Model | None = None) -> HttpResponse:
    """Serve a restricted picture with the reader's name in it; what cannot be stamped as it is, to this reader alone.

    Args:
        subject: what the log names; None where the caller logs.

    Raises:
        Http404: the file is gone.
    """
    if not default_storage.exists(path):
        raise Http404
    response = stamped_file(request, path, subject)
    if response is None:
        if subject is not None:
            name = path.rpartition("/")[2]
            audit.record("portal.restricted_taken", subject, actor=request.user, filename=name, stamped=False)
        return never_kept(serve_stored(request, path, is_public=False))
    response["Content-Security-Policy"] = DRAWING_POLICY if path.lower().endswith(".svg") else SANDBOX
    return response


def serve_stored(request: HttpRequest, path: str, *, is_public: bool) -> HttpResponse:
    """Serve a picture or a video of the media folder to whom the caller has asked about; a drawing stands still.

    Raises:
        Http404: the file is gone.
    """
    if not default_storage.exists(path):
        raise Http404
    modified = int(default_storage.get_modified_time(path).timestamp())
    known = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if known is not None and known >= modified:
        response: HttpResponse = HttpResponse(status=304)
    elif kind in VIDEO_TYPES:
        response = _video(request, path, kind)
    else:
        response = FileResponse(default_storage.open(path), content_type=kind, as_attachment=kind not in SHOWN_TYPES)
    response["Content-Security-Policy"] = DRAWING_POLICY if kind == DRAWING_TYPE else SANDBOX
    response["Last-Modified"] = http_date(modified)
    return _with_headers(response, is_public=is_public)


def _video(request: HttpRequest, path: str, kind: str) -> HttpResponse:
    """Answer with the whole video or with the part asked for: players on phones ask for parts (RFC 9110, 14.2)."""
    size = default_storage.size(path)
    asked = BYTES.fullmatch(request.headers.get("Range", ""))
    if asked is None or not (asked[1] or asked[2]):
        response: HttpResponse = FileResponse(default_storage.open(path), content_type=kind)
    else:
        start = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
        end = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
        if start > end:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            with default_storage.open(path) as file:
                file.seek(start)
                response = HttpResponse(file.read(end - start + 1), status=206, content_type=kind)
            response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def image_of(path: str) -> PortalImage | None:
    """Return the image this path below the media folder belongs to, or None."""
    copy = PortalRendition.objects.filter(file=path).select_related("image").first()
    return copy.image if copy else PortalImage.objects.filter(file=path).first()


def may_choose_images(reader: Any) -> bool:
    """Whether the reader chooses images for what they write; by Wagtail's rights on collections."""
    return policy_registry.get_by_type(PortalImage).user_has_permission(reader, "choose")


def _shown_by(image: PortalImage) -> list[tuple[Showing, list[str]]] | None:
    """Return the kinds of records that show the image, with their keys; None where something else shows it too."""
    by_label = linked_to(image)
    for reference in ReferenceIndex.get_references_to(image).select_related("base_content_type"):
        kind = reference.base_content_type
        by_label.setdefault(f"{kind.app_label}.{kind.model}", []).append(reference.object_id)
    places = [(known, keys) for label, keys in by_label.items() if (known := showing(label)) is not None]
    return places if len(places) == len(by_label) else None


def _may_see_where_shown(request: HttpRequest, places: list[tuple[Showing, list[str]]] | None) -> bool:
    """Whether the reader may open one of the records that show the image, where only such records show it.

    The image's own audience opens it no wider than an article or a guide does. Who chooses images sees them all.
    """
    if not places or may_choose_images(request.user):
        return True
    return any(known.readers(request.user, keys) for known, keys in places)


def _is_shown_restricted(places: list[tuple[Showing, list[str]]] | None) -> bool:
    """Whether only restricted records show the image: published ones where there are any, else drafts."""
    found = [row for known, keys in places or () for row in known.audiences(keys)]
    shown = {audience for audience, is_published in found if is_published} or {audience for audience, _draft in found}
    return shown == {Audience.RESTRICTED}


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
