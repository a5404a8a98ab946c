"""Page of the editing area that decides what becomes of a faulty question."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from certification.enums import Remedy
from certification.forms import OnceForm
from certification.models import QuestionVersion
from certification.questions.reading import note_reading
from certification.quizzes.regrading import PERMISSION, regrade


class RegradeForm(OnceForm):
    """The decision and why."""

    remedy = forms.ChoiceField(label=gettext_lazy("What becomes of it"), choices=Remedy.choices)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


@require_http_methods(["GET", "HEAD", "POST"])
def regrade_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the decision about the current version of a question, carry it out, and lead to its correction."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    related = QuestionVersion.objects.select_related("question__bank")
    version = get_object_or_404(related, question=pk, is_current=True)
    note_reading(request.user, [version.question.bank])
    form = RegradeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        decision = regrade(
            version, facts["remedy"], by=request.user, reason=facts["reason"], form_key=facts["form_key"]
        )
        count = decision.attempts.count()
        messages.success(request, _("%(count)s results rose. Now correct the question.") % {"count": count})
        return redirect("question:edit", pk)
    context = {"version": version, "form": form}
    return render(request, "certification/questions/admin/regrade.html", context)
