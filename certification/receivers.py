"""What certification does when the apps below tell it something."""

from collections.abc import Sequence
from typing import Any

from certification.certificates.awards import award_after
from certification.models import QuestionVersion
from courses.models import HourCredit
from kb.models import ManualEdition
from portal.models import Person


def award_after_hours(person: Person, credits: Sequence[HourCredit], **kwargs: Any) -> None:
    """The last hours may be what was missing (receiver of ``courses.signals.hours_credited``)."""
    for credit in credits:
        award_after(person, module=credit.module)


def follow_to_new_edition(edition: ManualEdition, previous: ManualEdition | None, **kwargs: Any) -> None:
    """Let questions point to the same chapter of the new edition (receiver of ``kb.signals.edition_published``)."""
    if previous is None:
        return
    chapters = {chapter.number: chapter for chapter in edition.chapters.all()}
    pointing = QuestionVersion.objects.filter(is_current=True, chapter__edition=previous)
    for version in pointing.select_related("chapter"):
        chapter = chapters.get(version.chapter.number)
        if chapter is not None:
            version.chapter = chapter
            version.save(update_fields=["chapter"])
