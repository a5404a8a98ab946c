"""Pictures of the steps of guides. Those of a hazardous step are served to who the gate has opened the step today."""

from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.http import HttpRequest

from kb.models import DiagnosisGuide, DiagnosisStep
from kb.pictures.places import PictureSource
from kb.pictures.queries import Opened, Place, Shown, pictures_of, reader_mark
from portal.audiences import can_open, readable
from portal.enums import Audience

KIND = "guide"
SALT = "kb.diagnosis.pictures"
#: How long an opened step shows its pictures, in seconds: the gate answers for one day.
OPEN_FOR = 12 * 3600


def place_of_step(guide: DiagnosisGuide, step: DiagnosisStep, reader: Any) -> Place:
    """Return the place of the pictures of a step that ``reader`` may see done; proven where the step is hazardous."""
    key = signing.dumps([reader.pk, guide.number, step.key], salt=SALT) if step.task else ""
    return Place(KIND, guide.number, key, reader_mark(guide.audience, reader))


def pictures_of_step(guide: DiagnosisGuide, step: DiagnosisStep, reader: Any) -> list[Shown]:
    """Return the pictures of a step that ``reader`` may see done; one query where there are any."""
    return pictures_of({step.key: step.pictures}, place_of_step(guide, step, reader))[step.key]


def opened(request: HttpRequest, name: str) -> Opened | None:
    """Return the pictures of a guide the reader may follow, without those of hazardous steps not opened to them."""
    guide = DiagnosisGuide.objects.filter(number=name, live=True).prefetch_related("steps").first()
    if guide is None or not can_open(request.user, guide.audience):
        return None
    proven = _proven(request, guide)
    steps = [step for step in guide.steps.all() if not step.task or step.key == proven]
    shown = pictures_of(
        {step.key: step.pictures for step in steps},
        {step.key: place_of_step(guide, step, request.user) for step in steps},
    )
    return Opened(
        title=guide.title,
        url=guide.get_absolute_url(),
        restricted=guide if guide.audience == Audience.RESTRICTED else None,
        is_public=guide.audience == Audience.PUBLIC and not proven,
        pictures=[picture for key in _proven_first(shown, proven) for picture in shown[key]],
    )


def _proven(request: HttpRequest, guide: DiagnosisGuide) -> str:
    """Return the hazardous step the reader may see done, as the address proves; empty when it proves none."""
    try:
        reader, number, step = signing.loads(request.GET.get("key", ""), salt=SALT, max_age=OPEN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(step) if (reader, number) == (request.user.pk, guide.number) else ""


def _proven_first(shown: dict[str, list[Shown]], proven: str) -> list[str]:
    return sorted(shown, key=lambda key: key != proven)


def readers(reader: Any, keys: Iterable[Any]) -> bool:
    """Whether the reader may follow one of these guides and nothing in it is hazardous."""
    harmless = DiagnosisGuide.objects.filter(pk__in=keys, live=True).exclude(steps__task__gt="")
    return readable(harmless, reader).exists()


def audiences(keys: Iterable[Any]) -> Iterable[tuple[str, bool]]:
    """Return the audience of each of these guides, and whether it is published."""
    return DiagnosisGuide.objects.filter(pk__in=list(keys)).values_list("audience", "live")


source = PictureSource(kind=KIND, model=DiagnosisGuide, opened=opened, readers=readers, audiences=audiences)
