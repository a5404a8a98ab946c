"""Pages of practice: one question, what is right, the next one; the reader's book of wrong answers."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.actions import Action
from certification.models import PracticeAnswer, QuestionVersion, Quiz
from certification.practice.domain import answer_practice, next_question, next_wrong_question
from certification.practice.errors import PracticeWaits
from certification.practice.paper import feedback_of, question_of
from certification.practice.queries import (
    RIGHT_ENOUGH,
    Missed,
    Practisable,
    current_of,
    is_taking,
    wrong_book,
)
from certification.questions.pictures import picture_response
from certification.sections import section_of
from portal.access.rate_limits import limit
from portal.audiences import is_staff_member

PAGE = 20
# A learner reads a question; a program that copies the bank does not.
PACE = "40/m"


@login_required
@require_POST
def practise(request: HttpRequest, code: str) -> HttpResponse:
    """Show the next question for a quiz."""
    limit(request, "practice", PACE)
    shown = next_question(request.user, get_object_or_404(Quiz, code=code))
    return redirect("certification:practice_question", shown.pk)


@login_required
@require_POST
def practise_wrong(request: HttpRequest) -> HttpResponse:
    """Show the next question of the reader's book."""
    limit(request, "practice", PACE)
    return redirect("certification:practice_question", next_wrong_question(request.user).pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question in practice and take its answer; once answered, what is right and where to read it.

    Raises:
        PracticeWaits: a paper of the bank is open; its key is shown nowhere.
    """
    shown = _own(request, pk)
    if is_taking(request.user, shown.version.question.bank_id):
        raise PracticeWaits
    if request.method == "POST":
        answer_practice(shown, request.POST.getlist(question_of(shown).field), by=request.user)
        return redirect("certification:practice_question", pk)
    feedback = feedback_of(shown) if shown.answered_at else None
    context = {"shown": shown, "question": question_of(shown), "feedback": feedback}
    return render(request, "certification/practice/question.html", context)


@login_required
@require_safe
def practice_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the picture of a question to the one who practises with it."""
    shown = _own(request, pk)
    if shown.version.picture is None:
        raise Http404
    return picture_response(shown.version)


def _own(request: HttpRequest, pk: int) -> PracticeAnswer:
    """Return what was shown to the reader; another's looks like none at all."""
    related = ("quiz", "version__question", "version__picture", "version__chapter__edition__manual", "version__article")
    return get_object_or_404(PracticeAnswer.objects.select_related(*related), pk=pk, person=request.user)


@dataclass(frozen=True)
class Line:
    """A question in the book as it is listed."""

    missed: Missed
    version: QuestionVersion
    section: Action | None
    is_open: bool


@login_required
@never_cache
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """List the questions the reader missed and has not answered right twice since, with what to read."""
    missed = wrong_book(request.user)
    in_use = current_of(each.question for each in missed)
    practisable = Practisable(request.user, missed)
    kept = [each for each in missed if each.question in in_use]
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    page.object_list = [_line(each, in_use[each.question], request, practisable) for each in page.object_list]
    can_practise = any(practisable.has(version) for version in in_use.values())
    quizzes = Quiz.objects.filter(is_active=True, verdict__isnull=True).order_by("title")
    offered = list(quizzes[:PAGE]) if is_staff_member(request.user) else []
    context = {"page_obj": page, "enough": RIGHT_ENOUGH, "can_practise": can_practise, "quizzes": offered}
    return render(request, "certification/practice/book.html", context)


def _line(missed: Missed, version: QuestionVersion, request: HttpRequest, practisable: Practisable) -> Line:
    return Line(missed, version, section_of(version, request.user), practisable.has(version))
