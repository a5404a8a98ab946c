"""Pictures of drafts: seen by who may choose images for them, and by who reviews the draft, before it is published."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from kb.pictures.queries import Opened, Picture, Place, Shown, Video
from portal.audiences import readable
from portal.content.files import may_choose_images
from portal.models import PortalDocument, PortalImage

KIND = "draft"
#: Whether a draft that waits for a reader's review shows what is called so; set above, where reviews are known.
Reviewed = Callable[[Any, str], bool]
_reviewed: list[Reviewed] = []


def register_reviewed(shows: Reviewed) -> None:
    """Make ``shows`` what is asked about reviewers; call it from AppConfig.ready."""
    _reviewed[:] = [shows]


def opened(request: HttpRequest, name: str) -> Opened | None:
    """Return the one picture or video an editor's preview asks for, if they may open it."""
    match = request.resolver_match
    if match is None:
        return None
    place, key = Place(KIND, name), match.kwargs.get("pk", 0)
    if not may_choose_images(request.user):
        return _reviewed_picture(request, place, key)
    shown: list[Shown] = [
        _picture(image, place) for image in readable(PortalImage.objects.filter(pk=key), request.user)
    ]
    videos = readable(PortalDocument.objects.filter(pk=key, is_personal=False), request.user)
    shown += [Video(video.pk, video.file.name, video.title, place) for video in videos]
    return Opened(title="", url="/cms/", is_public=False, pictures=shown)


def _reviewed_picture(request: HttpRequest, place: Place, key: int) -> Opened | None:
    """Return the picture or video of a draft the reader reviews; the draft decides, not the picture's own audience."""
    shown: list[Shown] = []
    if any(shows(request.user, f"[picture {key}]") for shows in _reviewed):
        shown = [_picture(image, place) for image in PortalImage.objects.filter(pk=key)]
    elif any(shows(request.user, f"[video {key}]") for shows in _reviewed):
        videos = PortalDocument.objects.filter(pk=key, is_personal=False)
        shown = [Video(video.pk, video.file.name, video.title, place) for video in videos]
    return Opened(title="", url="/kb/reviews/", is_public=False, pictures=shown) if shown else None


def _picture(image: PortalImage, place: Place) -> Picture:
    return Picture(
        pk=image.pk, file=image.file.name, width=image.width, height=image.height, alt=image.title, place=place
    )
