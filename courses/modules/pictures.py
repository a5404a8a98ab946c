"""Drawings of the topics of modules, served to who may open the module."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from courses.models import ModuleTopic, TrainingModule
from courses.modules.permissions import can_see_module, visible_modules
from kb.pictures.places import PictureSource
from kb.pictures.queries import Opened, Picture, Place, stored_picture
from portal.enums import Audience

KIND = "module"


def drawings_of(module: TrainingModule, topic: ModuleTopic) -> list[Picture]:
    """Return the drawings of one topic; ``drawings`` should be prefetched."""
    place = Place(KIND, module.code)
    return [stored_picture(image, place) for image in topic.drawings.all()]


def opened(request: HttpRequest, name: str) -> Opened | None:
    """Return the drawings of a published module the reader may open."""
    module = TrainingModule.objects.filter(code=name).first()
    if module is None or not can_see_module(request.user, module):
        return None
    topics = module.topics.prefetch_related("drawings").order_by("sort_order", "pk")
    return Opened(
        title=module.title,
        url=module.get_absolute_url(),
        restricted=module if module.audience == Audience.RESTRICTED else None,
        is_public=module.audience == Audience.PUBLIC,
        pictures=[picture for topic in topics for picture in drawings_of(module, topic)],
    )


def readers(reader: Any, keys: Iterable[Any]) -> bool:
    """Whether the reader may open one of these modules."""
    return visible_modules(reader).filter(pk__in=list(keys)).exists()


def audiences(keys: Iterable[Any]) -> Iterable[tuple[str, bool]]:
    """Return the audience of each of these modules, and whether it is published."""
    return TrainingModule.objects.filter(pk__in=list(keys)).values_list("audience", "live")


def linked(image: Model) -> Iterable[Any]:
    """Return the keys of the modules with a topic that shows the image."""
    return ModuleTopic.objects.filter(drawings=image.pk).values_list("module_id", flat=True).distinct()


source = PictureSource(
    kind=KIND, model=TrainingModule, opened=opened, readers=readers, audiences=audiences, linked=linked
)
