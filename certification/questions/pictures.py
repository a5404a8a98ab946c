"""Pictures of questions: as a response to those who are asked, as data for papers that are printed."""

from base64 import b64encode

from django.http import HttpResponse

from certification.models import QuestionVersion
from portal.models import PortalImage

# Wide enough for a phone held upright at three dots a pixel, and for paper.
SPEC = "width-1080|format-jpeg|jpegquality-82"
JPEG, SVG = "image/jpeg", "image/svg+xml"


def picture_bytes(picture: PortalImage) -> tuple[bytes, str]:
    """Return the picture and its type: a photo as JPEG, scaled down; a drawing as it is, since it has no pixels."""
    if picture.is_svg():
        with picture.file.storage.open(picture.file.name) as file:
            drawing: bytes = file.read()
        return drawing, SVG
    with picture.get_rendition(SPEC).file.open("rb") as file:
        content: bytes = file.read()
    return content, JPEG


def picture_response(version: QuestionVersion) -> HttpResponse:
    """Return the picture of a question; kept by the browser of the one who may see it, and by nobody else."""
    if version.picture is None:
        raise ValueError(f"{version} has no picture")
    content, kind = picture_bytes(version.picture)
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    # A drawing opened by itself runs nothing.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def picture_data(version: QuestionVersion) -> str:
    """Return the picture as a data: address, for a PDF; empty without one."""
    if version.picture is None:
        return ""
    content, kind = picture_bytes(version.picture)
    return f"data:{kind};base64,{b64encode(content).decode()}"
