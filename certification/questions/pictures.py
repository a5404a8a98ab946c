"""Pictures of questions: as a response to those who are asked, as data for papers that are printed."""

from base64 import b64encode

from django.http import HttpResponse

from certification.models import QuestionVersion
from portal.models import PortalImage

# Wide enough for a phone held upright at three dots a pixel, and for paper.
SPEC = "width-1080|format-jpeg|jpegquality-82"


def picture_bytes(picture: PortalImage) -> bytes:
    """Return the picture as JPEG, scaled down."""
    with picture.get_rendition(SPEC).file.open("rb") as file:
        content: bytes = file.read()
    return content


def picture_response(version: QuestionVersion) -> HttpResponse:
    """Return the picture of a question; kept by the browser of the one who may see it, and by nobody else."""
    if version.picture is None:
        raise ValueError(f"{version} has no picture")
    response = HttpResponse(picture_bytes(version.picture), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def picture_data(version: QuestionVersion) -> str:
    """Return the picture as a data: address, for a PDF; empty without one."""
    if version.picture is None:
        return ""
    return f"data:image/jpeg;base64,{b64encode(picture_bytes(version.picture)).decode()}"
