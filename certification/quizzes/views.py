"""Pages of a quiz: rules, paper, saving of answers, submission, result."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.enums import AttemptState
from certification.models import Attempt, AttemptQuestion, Quiz, StudyConfirmation
from certification.questions.pictures import picture_response
from certification.quizzes.attempts import save_answer, save_answers, start_attempt, submit_attempt
from certification.quizzes.closing import close_if_overdue
from certification.quizzes.eligibility import eligibility
from certification.quizzes.errors import AttemptClosed
from certification.quizzes.paper import paper_of, result_of
from certification.quizzes.sittings import sitting_of
from certification.quizzes.study import confirm_study
from certification.requirements.hints import with_hints
from certification.requirements.seats import SeatFinder
from certification.results import with_results
from portal.access.rate_limits import limit
from portal.errors import DomainError

# Of the answer to one question, so that a broken script cannot fill the database.
MAX_VALUES = 100
MAX_LENGTH = 10_000


@login_required
@never_cache
@require_safe
def quiz(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rules, what is left of the attempts, and the button that starts."""
    found = get_object_or_404(Quiz.objects.select_related("bank__category"), code=code)
    asked = sum(rule.count for rule in found.draw_rules.all())
    attempts = with_results(Attempt.objects.filter(quiz=found, person=request.user)).order_by("-started_at")
    may = eligibility(request.user, found)
    context = {
        "quiz": found,
        "asked": asked,
        "eligibility": may,
        "lacking": with_hints(getattr(may.refusal, "reasons", ()), SeatFinder(request.user)),
        "attempts": [attempt for attempt in attempts[:10] if attempt.state != AttemptState.OPEN],
    }
    return render(request, "certification/quizzes/quiz.html", context)


@login_required
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start, or continue the attempt that runs."""
    found = get_object_or_404(Quiz, code=code)
    sitting = None
    if found.is_invigilated and (code_typed := request.POST.get("code", "").strip()):
        limit(request, "sitting-code", "20/m")
        sitting = sitting_of(found, code_typed, request.user)
    return redirect("certification:attempt", pk=start_attempt(request.user, found, sitting=sitting).pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper, or the result once it is closed; a post without script saves all answers of the page."""
    mine = _own_attempt(request, pk)
    closed = close_if_overdue(mine)
    if closed is not None and closed.state == AttemptState.MARKING:
        return render(request, "certification/quizzes/marking_awaited.html", {"attempt": closed})
    if closed is not None:
        return render(request, "certification/quizzes/result.html", _result(closed))
    if request.method == "POST":
        return _save_form(request, mine)
    context = {"attempt": mine, "paper": paper_of(mine), "now": timezone.now()}
    return render(request, "certification/quizzes/attempt.html", context)


def _result(closed: Attempt) -> dict[str, Any]:
    """Return the result, and whether confirming the reading list would open the next attempt sooner."""
    result = result_of(closed)
    studied = StudyConfirmation.objects.filter(attempt=closed).first()
    is_last = result.next.last is None or result.next.last.pk == closed.pk
    shortens = closed.quiz.wait_hours_read is not None and bool(result.reading) and not result.held.is_passed
    return {"result": result, "studied": studied, "may_confirm": shortens and is_last and studied is None}


def _save_form(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Save the answers that differ from what the page showed, then hand in, review or go on."""
    changed = {}
    for question in paper_of(attempt).questions:
        given = _given(request.POST.getlist(question.field))
        if given != _given(request.POST.getlist(f"{question.field}-shown")):
            changed[question.order] = given
    try:
        save_answers(attempt, changed)
    except AttemptClosed:
        return redirect("certification:attempt", pk=attempt.pk)
    act = request.POST.get("act", "save")
    if act == "time_over":
        submit_attempt(attempt)
        return redirect("certification:attempt", pk=attempt.pk)
    if act == "review":
        return redirect("certification:submit", pk=attempt.pk)
    messages.success(request, _("Your answers are saved."))
    return redirect("certification:attempt", pk=attempt.pk)


def _given(values: list[str]) -> list[str]:
    """Return the values of a question's inputs; none where all are blank."""
    return values if any(value.strip() for value in values) else []


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep one answer: ``{"question": 3, "values": ["1"], "sequence": 5120}``.

    Answers with what is kept now, which is the newer one of two.
    """
    # A click of every candidate comes through here: nothing is read that the answer does not need.
    mine = Attempt.objects.only("pk").order_by().filter(pk=pk, person=request.user).first()
    if mine is None:
        raise Http404
    try:
        body = json.loads(request.body)
        order, values, sequence = int(body["question"]), _values(body["values"]), int(body["sequence"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return JsonResponse({"code": "unreadable", "detail": _("This answer could not be read.")}, status=422)
    try:
        kept = save_answer(mine, order, values, sequence=sequence)
    except DomainError as error:
        return JsonResponse({"code": error.code, "detail": str(error)}, status=error.status)
    milliseconds = int(timezone.now().timestamp() * 1000)
    return JsonResponse({"question": order, "sequence": kept.sequence, "now": milliseconds})


def _values(sent: object) -> list[str]:
    """Return the values as text.

    Raises:
        TypeError: they are not a list of texts and whole numbers.
        ValueError: they are more, or longer, than any question asks for.
    """
    if not isinstance(sent, list) or not all(type(value) in (str, int) for value in sent):
        raise TypeError
    values = [str(value) for value in sent]
    if len(values) > MAX_VALUES or sum(len(value) for value in values) > MAX_LENGTH:
        raise ValueError
    return values


@login_required
@require_safe
def picture(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """Return the picture of a question to the one whose paper asks it; the library's own rules do not matter here."""
    shown = AttemptQuestion.objects.select_related("version__picture").filter(
        attempt=pk, attempt__person=request.user, order=order, version__picture__isnull=False
    )
    found = shown.first()
    if found is None:
        raise Http404
    return picture_response(found.version)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then hand in; a second post finds it handed in."""
    mine = _own_attempt(request, pk)
    if request.method == "POST":
        submit_attempt(mine)
        return redirect("certification:attempt", pk=mine.pk)
    if close_if_overdue(mine) is not None:
        return redirect("certification:attempt", pk=mine.pk)
    return render(
        request, "certification/quizzes/submit.html", {"attempt": mine, "paper": paper_of(mine), "now": timezone.now()}
    )


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the reader's word that the sections named in the result were read."""
    mine = _own_attempt(request, pk)
    confirm_study(mine, by=request.user)
    messages.success(request, _("Your reading is on record; the next attempt opens sooner."))
    return redirect("certification:attempt", pk=mine.pk)


def _own_attempt(request: HttpRequest, pk: int) -> Attempt:
    """Return the reader's attempt; another's looks like none at all."""
    found = Attempt.objects.select_related("quiz__bank__category").filter(pk=pk, person=request.user).first()
    if found is None:
        raise Http404
    found.person = request.user
    return found
