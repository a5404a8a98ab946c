"""Pictures on paper: put into it, since nothing is fetched there."""

import base64
from typing import Any

import structlog

from portal.content.picture_stamps import UNREADABLE, stamped
from portal.models import PortalImage

logger = structlog.get_logger(__name__)
#: Width of photos on paper, in pixels; one of the widths copies are made in.
PRINTED = 960


def printed_data(image: PortalImage, named_for: Any = None) -> str:
    """Return a picture as a data: address; photos scaled to what paper needs.

    Args:
        image: the picture.
        named_for: whose name it carries, as restricted pictures on the screen do; None for all others.
    """
    is_drawing = image.is_svg()
    if is_drawing:
        stored, kind = image.file, "image/svg+xml"
    else:
        copy = PortalImage.objects.get(pk=image.pk).get_rendition(f"width-{PRINTED}|format-jpeg|jpegquality-75")
        stored, kind = copy.file, "image/jpeg"
    with stored.storage.open(stored.name) as file:
        content = file.read()
    if named_for is not None:
        try:
            content, kind, _is_named = stamped(content, named_for, is_drawing=is_drawing)
        except UNREADABLE as error:
            # The page it stands on carries the name all the same.
            logger.warning("picture_stamp_failed", path=stored.name, complaint=str(error)[:200])
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
