"""Read the pictures of many rows at once: one query for images, one for videos where there are any."""

import mimetypes
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.urls import reverse

from kb.models.pictures import PER_MILLE
from kb.pictures.printing import printed_data
from kb.pictures.raw import RawBlock, raw_blocks
from portal.enums import Audience
from portal.models import PortalDocument, PortalImage

Key = TypeVar("Key", bound=Hashable)

#: Widths of the copies made of a photo, in pixels: a phone, a phone with a dense screen, a desk.
WIDTHS = (480, 960, 1600)
PHONE = WIDTHS[0]


def reader_mark(audience: str, reader: Any) -> str:
    """Return what stands across the videos of a record for a reader: who they are, where it is restricted."""
    if audience != Audience.RESTRICTED or not getattr(reader, "is_authenticated", False):
        return ""
    return f"{reader.name} {reader.staff_number}"


#: How far callouts reach, in thousandths of the longer side: readable on a phone, covering little.
RADIUS = 30


@dataclass(frozen=True)
class Place:
    """What shows a picture: part of the picture's address, so that each is served by the rules of its record.

    Args:
        kind: as registered in ``kb.pictures.places``.
        name: of the record among its kind.
        key: proves that the reader may see what is behind a hazard; empty for everything else.
        mark: who looks at it, written across videos of restricted records; empty elsewhere.
    """

    kind: str
    name: str
    key: str = ""
    mark: str = ""

    def address(self, view: str, *args: Any) -> str:
        """Return the address of one of the views of pictures."""
        address = reverse(view, args=[self.kind, self.name, *args])
        return f"{address}?{urlencode({'key': self.key})}" if self.key else address


@dataclass(frozen=True)
class Callout:
    """A numbered mark, in the pixels of its picture."""

    number: int
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    """A picture as it is shown: description, caption, callouts, size and addresses.

    Args:
        named_for: whose name the copy for paper carries, of a restricted record; None elsewhere.
        key: how its block is called within the stream; empty outside of one.
    """

    pk: int
    file: str
    width: int
    height: int
    alt: str
    place: Place
    caption: str = ""
    part: str = ""
    callouts: list[Callout] = field(default_factory=list)
    named_for: Any = None
    key: str = ""

    is_video = False

    @property
    def is_drawing(self) -> bool:
        """Whether it is drawn in lines (SVG) and scales by itself."""
        return self.file.lower().endswith(".svg")

    @property
    def url(self) -> str:
        """Where the copy for a phone lies."""
        return self.place.address("kb:picture_file", self.pk, PHONE)

    @property
    def full_url(self) -> str:
        """The page that shows it as large as it is."""
        return self.place.address("kb:picture", self.pk)

    @property
    def large_url(self) -> str:
        """The largest copy."""
        return self.place.address("kb:picture_file", self.pk, WIDTHS[-1])

    @property
    def srcset(self) -> str:
        """The copies a browser chooses from; empty for a drawing and for a photo no larger than a phone."""
        if self.is_drawing or self.width <= PHONE:
            return ""
        copies = [width for width in WIDTHS if width < self.width] + [min(self.width, WIDTHS[-1])]
        return ", ".join(
            f"{self.place.address('kb:picture_file', self.pk, self._copy(width))} {width}w"
            for width in dict.fromkeys(copies)
        )

    @staticmethod
    def _copy(width: int) -> int:
        return next((known for known in WIDTHS if known >= width), WIDTHS[-1])

    @property
    def radius(self) -> int:
        """How large a callout is drawn, in pixels of the picture."""
        return max(self.width, self.height) * RADIUS // PER_MILLE

    @property
    def data_uri(self) -> str:
        """The picture itself, for paper: nothing is fetched there."""
        image = PortalImage(pk=self.pk, file=self.file, width=self.width, height=self.height)
        return printed_data(image, self.named_for)


@dataclass(frozen=True)
class Video:
    """A short video as it is shown.

    Args:
        key: how its block is called within the stream; empty outside of one.
    """

    pk: int
    file: str
    alt: str
    place: Place
    key: str = ""

    is_video = True

    @property
    def url(self) -> str:
        """Where it is played from."""
        return self.place.address("kb:picture_video", self.pk)

    @property
    def media_type(self) -> str:
        """What the browser asks itself whether it can play."""
        return mimetypes.guess_type(self.file)[0] or "video/mp4"


Shown = Picture | Video


@dataclass(frozen=True)
class Opened:
    """A record the reader may open, with the pictures it shows them.

    Args:
        title: of the record.
        url: where the record is read.
        is_public: whether a shared cache may keep its pictures.
        pictures: those the reader may see; a guide keeps back those of hazardous steps.
        restricted: the record, where its pictures carry the reader's name and are logged; None elsewhere.
    """

    title: str
    url: str
    is_public: bool
    pictures: list[Shown]
    restricted: Model | None = None


def pictures_of(streams: Mapping[Key, Any], places: Place | Mapping[Key, Place]) -> dict[Key, list[Shown]]:
    """Return the pictures of several streams, by the keys of ``streams``; those whose file is gone are left out.

    Args:
        streams: stream values of ``PictureBlock`` or of chapters.
        places: what shows them, one for all or by key.
    """
    found = {key: raw_blocks(stream) for key, stream in streams.items()}
    blocks = [block for entries in found.values() for block in entries]
    images = _images(block.value["image"] for block in blocks if block.kind == "figure")
    videos = _videos(block.value["document"] for block in blocks if block.kind == "video")
    shown: dict[Key, list[Shown]] = {}
    for key, entries in found.items():
        place = places if isinstance(places, Place) else places[key]
        made = (
            _picture(block, images, place) if block.kind == "figure" else _video(block, videos, place)
            for block in entries
        )
        shown[key] = [one for one in made if one is not None]
    return shown


def _image_pk(value: Any) -> int | None:
    return value.get("image") if isinstance(value, dict) else value


def _images(values: Iterable[Any]) -> dict[int, PortalImage]:
    keys = {key for value in values if (key := _image_pk(value)) is not None}
    return PortalImage.objects.only("file", "width", "height").in_bulk(keys) if keys else {}


def _videos(keys: Iterable[Any]) -> dict[int, PortalDocument]:
    chosen = {key for key in keys if key is not None}
    return PortalDocument.objects.only("file").in_bulk(chosen) if chosen else {}


def _picture(block: RawBlock, images: dict[int, PortalImage], place: Place) -> Picture | None:
    value = block.value
    image = images.get(_image_pk(value["image"]) or 0)
    if image is None:
        return None
    alt = value["image"].get("alt_text") if isinstance(value["image"], dict) else ""
    return Picture(
        pk=image.pk,
        file=image.file.name,
        width=image.width,
        height=image.height,
        alt=alt or value.get("caption") or "",
        place=place,
        caption=value.get("caption") or "",
        part=value.get("part") or "",
        callouts=_callouts(value.get("callouts") or [], image),
        key=block.key,
    )


def _callouts(rows: Iterable[Any], image: PortalImage) -> list[Callout]:
    values = [row.get("value", row) for row in rows]
    return [
        Callout(number, value["label"], image.width * value["x"] // PER_MILLE, image.height * value["y"] // PER_MILLE)
        for number, value in enumerate(values, start=1)
    ]


def _video(block: RawBlock, videos: dict[int, PortalDocument], place: Place) -> Video | None:
    document = videos.get(block.value["document"] or 0)
    if document is None:
        return None
    return Video(document.pk, document.file.name, block.value.get("description") or "", place, key=block.key)


def drawings() -> QuerySet[PortalImage]:
    """Return the stored pictures that may be shown beside a text."""
    return PortalImage.objects.order_by("title", "pk")


def stored_picture(image: PortalImage, place: Place) -> Picture:
    """Return a stored picture as it is shown by itself, with its own title and description."""
    return Picture(
        pk=image.pk,
        file=image.file.name,
        width=image.width,
        height=image.height,
        alt=image.description or image.title,
        place=place,
        caption=image.title,
    )


def one_picture(value: Any, place: Place) -> Shown | None:
    """Return a fetched block of a chapter as it is shown.

    Args:
        value: of a ``FigureBlock`` or ``VideoBlock``; images and documents were fetched with their stream.
    """
    if "document" in value:
        document = value["document"]
        return Video(document.pk, document.file.name, value["description"], place) if document else None
    image = value["image"]
    if image is None:
        return None
    return Picture(
        pk=image.pk,
        file=image.file.name,
        width=image.width,
        height=image.height,
        alt=image.contextual_alt_text or value["caption"] or "",
        place=place,
        caption=value["caption"] or "",
        part=value["part"] or "",
        callouts=_callouts([dict(mark) for mark in value["callouts"] or []], image),
    )
