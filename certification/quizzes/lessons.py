"""Quizzes that ask about a matter of the knowledge base."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.models import QuestionVersion, Quiz
from kb.models import FaultArticle
from portal.audiences import is_staff_member
from portal.equipment.queries import self_and_ancestor_paths
from portal.registry.learning import Lesson, Matter

SHOWN = 3


def quiz_lessons(matter: Matter, reader: Any) -> Iterator[Lesson]:
    """Yield the open quizzes that may draw a question about the article, or for a machine those of its category."""
    if not is_staff_member(reader):
        return
    article = matter.record if isinstance(matter.record, FaultArticle) else None
    quizzes = Quiz.objects.filter(is_active=True)
    if article is None:
        quizzes = quizzes.filter(bank__category__path__in=self_and_ancestor_paths(matter.category))
    else:
        about = Q(article=article) | (Q(chapter=article.chapter_id) if article.chapter_id else Q(pk__in=()))
        asking = QuestionVersion.objects.filter(about, is_current=True, question__is_active=True)
        quizzes = quizzes.filter(bank__in=asking.values("question__bank"))
    for quiz in quizzes.order_by("code")[:SHOWN]:
        address = reverse("certification:quiz", args=[quiz.code])
        yield Lesson(_("Quiz"), quiz.title, address, "clipboard", _("%(minutes)s minutes") % {"minutes": quiz.minutes})
