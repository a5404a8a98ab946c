"""Serve pictures and videos by the predicate of what shows them, and the page that shows one in full."""

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.pictures.errors import WatchedInPlace
from kb.pictures.places import opened_place
from kb.pictures.queries import WIDTHS, Opened, Picture, Video
from portal.access import audit
from portal.content.files import serve_restricted, serve_stored
from portal.content.picture_stamps import never_kept
from portal.models import PortalImage


@require_safe
def picture_page(request: HttpRequest, kind: str, name: str, pk: int) -> HttpResponse:
    """Show a picture as large as it is, with its callouts; opened by a tap, without script."""
    opened = _opened(request, kind, name)
    return render(request, "kb/pictures/page.html", {"opened": opened, "picture": _picture(opened, pk)})


@require_safe
def picture_file(request: HttpRequest, kind: str, name: str, pk: int, width: int) -> HttpResponse:
    """Serve a drawing, or the copy of a photo in one of the fixed widths; it is made when first asked for."""
    opened = _opened(request, kind, name)
    picture = _picture(opened, pk)
    if width not in WIDTHS:
        raise Http404
    if picture.is_drawing:
        return _served(request, picture.file, opened)
    image = PortalImage.objects.filter(pk=pk).first()
    if image is None:
        raise Http404
    try:
        copy = image.get_rendition(f"width-{width}|format-webp|webpquality-72")
    except OSError:
        raise Http404 from None
    return _served(request, copy.file.name, opened)


def _served(request: HttpRequest, path: str, opened: Opened) -> HttpResponse:
    if opened.restricted is not None:
        return serve_restricted(request, path, opened.restricted)
    return serve_stored(request, path, is_public=opened.is_public)


@require_safe
def picture_video(request: HttpRequest, kind: str, name: str, pk: int) -> HttpResponse:
    """Serve a video, or the part of it a player asks for."""
    opened = _opened(request, kind, name)
    video = next((one for one in opened.pictures if isinstance(one, Video) and one.pk == pk), None)
    if video is None:
        raise Http404
    if opened.restricted is None:
        return serve_stored(request, video.file, is_public=opened.is_public)
    return _restricted_video(request, video, opened.restricted)


def _restricted_video(request: HttpRequest, video: Video, subject: Model) -> HttpResponse:
    """Serve a restricted video to a player alone, which shows the reader's name across it; each start is logged.

    A film is not stamped: that would take a new encoding for every reader.

    Raises:
        WatchedInPlace: it was asked for by its address instead of by a player.
    """
    if request.headers.get("Sec-Fetch-Dest", "video") != "video":
        raise WatchedInPlace
    response = never_kept(serve_stored(request, video.file, is_public=False))
    response["Content-Disposition"] = "inline"
    if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):
        name = video.file.rpartition("/")[2]
        audit.record("portal.restricted_taken", subject, actor=request.user, filename=name, stamped=False)
    return response


def _opened(request: HttpRequest, kind: str, name: str) -> Opened:
    opened = opened_place(request, kind, name)
    if opened is None:
        raise Http404
    return opened


def _picture(opened: Opened, pk: int) -> Picture:
    picture = next((one for one in opened.pictures if isinstance(one, Picture) and one.pk == pk), None)
    if picture is None:
        raise Http404
    return picture
