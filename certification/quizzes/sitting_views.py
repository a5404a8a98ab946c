"""Assessor's page that opens a sitting of a quiz under supervision and shows its code."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from certification.forms import OnceForm
from certification.models import Quiz
from certification.permissions import is_assessor
from certification.quizzes.sittings import LONGEST, open_sitting


class SittingForm(OnceForm):
    """Where and for how long one may start."""

    place = forms.CharField(label=_("Examination room"), max_length=120)
    minutes = forms.IntegerField(
        label=_("Minutes during which one may start"),
        min_value=5,
        max_value=int(LONGEST.total_seconds() // 60),
        initial=30,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: HttpRequest, code: str) -> HttpResponse:
    """Open a sitting and show its code, large enough to be read out."""
    if not is_assessor(request.user):
        raise PermissionDenied
    quiz = get_object_or_404(Quiz, code=code, is_invigilated=True)
    form = SittingForm(request.POST or None)
    opened = None
    if request.method == "POST" and form.is_valid():
        opened = open_sitting(quiz, by=request.user, **form.cleaned_data)
    context = {"quiz": quiz, "form": form, "opened": opened}
    return render(request, "certification/quizzes/sitting.html", context, status=422 if form.errors else 200)
