"""Pictures of the chapters of editions, served to who may read the manual."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from kb.models import ManualEdition
from kb.pictures.places import PictureSource
from kb.pictures.queries import Opened, Place, pictures_of, reader_mark
from portal.audiences import can_open
from portal.enums import Audience

KIND = "manual"


def place_of_edition(edition: ManualEdition, reader: Any = None) -> Place:
    """Return the place of an edition's pictures; of a draft, where editors see them."""
    if not edition.is_published:
        return Place("draft", "edition")
    return Place(KIND, str(edition.pk), mark=reader_mark(edition.manual.audience, reader))


def opened(request: HttpRequest, name: str) -> Opened | None:
    """Return the pictures of a published edition the reader may open."""
    if not name.isdecimal() or len(name) > 18:
        return None
    edition = ManualEdition.objects.published().filter(pk=name).select_related("manual").first()
    if edition is None or not can_open(request.user, edition.manual.audience):
        return None
    bodies = {chapter.pk: chapter.body for chapter in edition.chapters.only("body", "edition")}
    shown = pictures_of(bodies, place_of_edition(edition))
    return Opened(
        title=edition.manual.title,
        url=edition.get_absolute_url(),
        restricted=edition if edition.manual.audience == Audience.RESTRICTED else None,
        is_public=edition.manual.audience == Audience.PUBLIC,
        pictures=[picture for pictures in shown.values() for picture in pictures],
    )


def readers(reader: Any, keys: Iterable[Any]) -> bool:
    """Whether the reader may open one of these editions."""
    audiences = ManualEdition.objects.published().filter(pk__in=keys).values_list("manual__audience", flat=True)
    return any(can_open(reader, audience) for audience in audiences)


def audiences(keys: Iterable[Any]) -> Iterable[tuple[str, bool]]:
    """Return the audience of the manual of each of these editions, and whether the edition is published."""
    rows = ManualEdition.objects.filter(pk__in=list(keys)).values_list("manual__audience", "published_on")
    return [(audience, day is not None) for audience, day in rows]


source = PictureSource(kind=KIND, model=ManualEdition, opened=opened, readers=readers, audiences=audiences)
