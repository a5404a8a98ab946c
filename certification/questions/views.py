"""Pages of the question bank in the editing area: questions to review, import, export."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from certification.kinds import question_kinds
from certification.models import Question, QuestionVersion
from certification.questions.kinds.base import ResultLine, ShownQuestion
from certification.questions.reading import note_reading
from certification.questions.review import PERMISSION, confirm_question, suspended_questions
from kb.manuals.queries import newer_editions

PAGE = 20


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """List suspended questions with their key, what they cite and what holds now."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    page = Paginator(suspended_questions().prefetch_related("choices"), PAGE).get_page(request.GET.get("page"))
    note_reading(request.user, (version.question.bank for version in page.object_list))
    newer = newer_editions(version.chapter for version in page.object_list)
    rows = [
        {"version": version, "lines": key_of(version), "newer": newer.get(version.chapter_id or 0)}
        for version in page.object_list
    ]
    return render(request, "certification/questions/admin/review.html", {"page_obj": page, "rows": rows})


def key_of(version: QuestionVersion) -> list[ResultLine]:
    """Return what is right, for keepers of the bank."""
    choices = list(version.choices.all())
    shown = ShownQuestion(version, [choice.pk for choice in choices], [choice.text for choice in choices])
    kind = question_kinds.get(version.kind)
    return [line for line in kind.result(shown, kind.empty) if line.is_right or line.letter]


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a question still holds."""
    question = get_object_or_404(Question, pk=pk)
    confirm_question(question, by=request.user)
    messages.success(request, _("%(question)s is drawn again.") % {"question": question.ref})
    return redirect("certification_questions_review")
