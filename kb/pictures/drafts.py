"""Pictures of drafts: seen by who may choose images for them, in previews before anything is published."""

from django.http import HttpRequest

from kb.pictures.queries import Opened, Picture, Place, Shown, Video
from portal.audiences import readable
from portal.content.files import may_choose_images
from portal.models import PortalDocument, PortalImage

KIND = "draft"


def opened(request: HttpRequest, name: str) -> Opened | None:
    """Return the one picture or video an editor's preview asks for, if they may open it."""
    match = request.resolver_match
    if match is None or not may_choose_images(request.user):
        return None
    place, key = Place(KIND, name), match.kwargs.get("pk", 0)
    shown: list[Shown] = [
        Picture(pk=image.pk, file=image.file.name, width=image.width, height=image.height, alt=image.title, place=place)
        for image in readable(PortalImage.objects.filter(pk=key), request.user)
    ]
    videos = readable(PortalDocument.objects.filter(pk=key, is_personal=False), request.user)
    shown += [Video(video.pk, video.file.name, video.title, place) for video in videos]
    return Opened(title="", url="/cms/", is_public=False, pictures=shown)
