"""Show a diagnosis guide in the language of its reader; how hazardous work is done stays as closed as it is."""

from collections.abc import Iterable
from typing import Any

from kb.models import ContentTranslation, DiagnosisGuide
from kb.pictures.queries import Shown
from kb.translations.passages import GUIDE_FIELDS, passages_of_guide, step_key
from kb.translations.pictures import read_pictures
from kb.translations.reading import Reading, Translated, translated_in
from kb.translations.staleness import Changed

#: Ends of keys that say how work is done; of a step that is gone nobody knows any more whether it was hazardous.
_HOW = ("detail", "pictures")


def read_guide(guide: DiagnosisGuide, versions: Iterable[ContentTranslation], reading: Reading) -> Translated | None:
    """Put the words of the language read into a guide and its steps, which are not saved after that.

    Warnings keep their words; ``aid`` of each step, and ``safety_aid`` of the guide, say them in the language read.

    Returns:
        The words, for the pictures that are fetched; None where the guide is read in its own.
    """
    passages = passages_of_guide(guide)
    translated = translated_in(versions, reading, passages)
    if translated is None:
        return None
    open_keys = {passage.key for passage in passages if not passage.is_closed}
    reading.changes = [change for change in translated.changes if _is_for_everybody(change, open_keys)]
    for name, _form, _label in GUIDE_FIELDS:
        translated.put(guide, name, name)
    guide.safety_aid = translated.get("safety")
    for step in guide.steps.all():
        for name in ("text", "detail"):
            translated.put(step, name, step_key(step, name))
        step.aid = translated.get(step_key(step, "warning"))
    return translated


def _is_for_everybody(change: Changed, open_keys: set[str]) -> bool:
    """Whether what changed may be shown to whoever reads the guide: not how a hazardous step is done."""
    return change.key in open_keys or not any(part in _HOW for part in change.key.split(".")[2:3])


def read_step_pictures(step: Any, pictures: list[Shown], translated: Translated | None) -> list[Shown]:
    """Return the pictures of a step with their words in the language read."""
    return read_pictures(pictures, step_key(step, "pictures"), translated)
