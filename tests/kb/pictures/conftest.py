"""A drawing, and blocks that show it."""

import pytest
from django.core.files.base import ContentFile

from portal.enums import Audience
from portal.models import PortalDocument, PortalImage

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="960" height="640">'
    b'<rect width="9" height="9"/></svg>'
)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawing():
    """A stored drawing that nobody sees but through what shows it."""
    image = PortalImage(title="排水泵", audience=Audience.RESTRICTED)
    image.file = ContentFile(SVG, name="pump.svg")
    image._set_image_file_metadata()
    image.save()
    return image


@pytest.fixture
def figure(drawing):
    """The drawing as a block with one callout."""
    drawing.contextual_alt_text, drawing.decorative = "排水泵叶轮被异物卡住", False
    marks = [{"x": 500, "y": 250, "label": "叶轮"}]
    return ("figure", {"image": drawing, "caption": "排水泵", "part": "排水泵", "callouts": marks})


@pytest.fixture
def video():
    """A video as a block."""
    document = PortalDocument.objects.create(
        title="异响",
        audience=Audience.RESTRICTED,
        file=ContentFile(b"\x00\x00\x00\x18ftypmp42" + b"0123456789", name="noise.mp4"),
    )
    return ("video", {"document": document, "description": "压缩机启动两秒后停"})
