"""Assessor's pages: papers that wait for marks, and the written answers of one."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import AttemptState
from certification.models import Answer, Attempt
from certification.permissions import is_assessor
from certification.quizzes.errors import NotYourPaper
from certification.quizzes.marking import STEPS, mark_answer, may_mark, open_answers, waiting_papers
from portal.access import audit

PAGE = 20


class MarkForm(forms.Form):
    """The mark of one answer."""

    answer = forms.IntegerField(widget=forms.HiddenInput)
    percent = forms.TypedChoiceField(
        label=gettext_lazy("Credit"),
        coerce=int,
        choices=[(step, f"{step} %") for step in STEPS],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=500, required=False)


@login_required
@never_cache
@require_safe
def marking(request: HttpRequest) -> HttpResponse:
    """List the papers that wait for the reader's marks."""
    if not is_assessor(request.user):
        raise PermissionDenied
    papers = waiting_papers(request.user, timezone.localdate())
    page = Paginator(papers, PAGE).get_page(request.GET.get("page"))
    return render(request, "certification/quizzes/marking.html", {"page_obj": page})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the next written answer of a paper with what a full one says, and take its mark.

    The candidate's name is not on the page, so that the answer is marked and not the person.
    """
    attempt = get_object_or_404(Attempt.objects.select_related("quiz__bank__category"), pk=pk)
    if not may_mark(request.user, attempt, timezone.localdate()):
        raise NotYourPaper
    if attempt.state != AttemptState.MARKING:
        return redirect("certification:marking")
    waiting = list(open_answers(attempt))
    form = MarkForm(request.POST or None, initial={"answer": waiting[0].pk})
    if request.method == "POST" and form.is_valid():
        found = get_object_or_404(Answer, pk=form.cleaned_data["answer"], shown__attempt=attempt)
        mark_answer(found, by=request.user, percent=form.cleaned_data["percent"], remark=form.cleaned_data["remark"])
        messages.success(request, _("The mark is kept."))
        return (
            redirect("certification:mark_paper", attempt.pk) if len(waiting) > 1 else redirect("certification:marking")
        )
    # The guide says what is right: whoever has read it knows the answer.
    facts = {"person": attempt.person_id, "bank": attempt.quiz.bank.code, "with_key": True}
    audit.record("certification.paper_opened", attempt, actor=request.user, **facts)
    context = {"attempt": attempt, "answer": waiting[0], "left": len(waiting), "form": form}
    return render(request, "certification/quizzes/mark_paper.html", context, status=422 if form.errors else 200)
