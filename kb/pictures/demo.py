"""Give the records of the demo the drawings made for it."""

from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Collection

from portal.enums import Audience
from portal.models import PortalImage
from portal.registry.demo import content, data, has


def figures(of: str, record: str, row: str = "") -> list[tuple[str, Any]]:
    """Return the drawings of a record, or of one of its rows, as blocks; none where the package has no drawings.

    Args:
        of: ``articles``, ``causes``, ``steps`` or ``chapters`` of ``pictures.json``.
        record: number of the record; of a chapter its reference.
        row: key of a step, or a cause: a row of the file holds for the causes that begin with its words.
    """
    if not (has("pictures") and has("drawings")):
        return []
    found = data("pictures")[of].get(record, [])
    if isinstance(found, dict):
        found = next((names for key, names in found.items() if _meets(of, key, row)), [])
    return [("figure", _figure(name)) for name in found]


def _meets(of: str, key: str, row: str) -> bool:
    return row.startswith(key) if of == "causes" else row == key


def drawing_image(name: str) -> PortalImage:
    """Return a drawing of the demo as a stored picture, by its name in ``drawings.json``."""
    return _image(_drawing(name))


def _drawing(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in data("drawings")["drawings"] if row["name"] == name)
    return found


def _figure(name: str) -> dict[str, Any]:
    drawing = _drawing(name)
    image = _image(drawing)
    image.contextual_alt_text, image.decorative = drawing["alt"], False
    return {"image": image, "caption": drawing["title"], "part": "", "callouts": drawing["callouts"]}


def _image(drawing: dict[str, Any]) -> PortalImage:
    """Return the stored drawing; shown through its records alone, hence restricted by itself."""
    image = PortalImage.objects.filter(title=drawing["title"], description=drawing["alt"][:255]).first()
    if image is not None:
        return image
    image = PortalImage(
        title=drawing["title"],
        description=drawing["alt"][:255],
        audience=Audience.RESTRICTED,
        collection=Collection.get_first_root_node(),
    )
    image.file = ContentFile(content(f"drawings/{drawing['name']}.svg"), name=f"{drawing['name']}.svg")
    image._set_image_file_metadata()
    image.save()
    return image


of_article = partial(figures, "articles")
of_cause = partial(figures, "causes")
of_step = partial(figures, "steps")
of_chapter = partial(figures, "chapters")
