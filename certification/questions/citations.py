"""Citation source: chapters that questions name to read again after a wrong answer."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.models import QuestionVersion
from kb.manuals.citations import Citation, CitationKey, CitationSource

KIND = "question"
EDIT_VIEW = "question:edit"


def citing(chapters: Collection[int]) -> Iterator[Citation]:
    """Yield the current versions that cite one of ``chapters``; earlier versions keep what their attempts showed."""
    versions = QuestionVersion.objects.filter(is_current=True, chapter__in=chapters).select_related("question")
    for version in versions.order_by("question__ref"):
        key = CitationKey(KIND, version.pk, version.chapter_id)
        title = f"{version.question.ref} {version}"
        yield Citation(key, title, reverse(EDIT_VIEW, args=[version.question_id]))


def repoint(records: Collection[int], old: int, new: int | None) -> int:
    """Have the questions that cite ``old`` cite ``new``; return how many did."""
    current = QuestionVersion.objects.filter(pk__in=records, is_current=True, chapter=old)
    return current.update(chapter=new)


source = CitationSource(
    kind=KIND,
    label=_("Questions"),
    model=QuestionVersion,
    permission="certification.change_question",
    citing=citing,
    repoint=repoint,
)
