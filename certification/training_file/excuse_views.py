"""Pages to ask that somebody sits a quiz later or not at all, and to decide on it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import ExcuseKind
from certification.forms import OnceForm
from certification.models import Quiz
from certification.permissions import can_release_attempts, may_keep_files
from certification.quizzes.excuses import ask_for_excuse, decide_excuse, excuses_for, may_decide, waiting_excuses
from certification.training_file.views import find_file
from portal.errors import DomainError
from portal.registry.tiles import Tile
from portal.ui.fields import DayField

PAGE = 20
SHOWN = 3


class ExcuseForm(OnceForm):
    """What is asked for, until when and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"), choices=ExcuseKind.choices, widget=forms.RadioSelect
    )
    until = DayField(
        label=gettext_lazy("To be sat by"), required=False, help_text=gettext_lazy("For a quiz that is sat later only.")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class DecisionForm(forms.Form):
    """The word on one of the listed requests."""

    remark = forms.CharField(
        label=gettext_lazy("Remark"), max_length=300, required=False, help_text=gettext_lazy("Needed to refuse.")
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request: HttpRequest, staff_number: str, code: str) -> HttpResponse:
    """Ask for an excuse of somebody whose file is open to the reader."""
    person = find_file(request.user, staff_number)
    if not can_release_attempts(request.user, person):
        raise PermissionDenied
    quiz = get_object_or_404(Quiz, code=code)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            ask_for_excuse(person, quiz, ExcuseKind(data.pop("kind")), by=request.user, **data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked for. It counts once a second person has approved it."))
            return redirect("certification:person", person.staff_number)
    context = {
        "title": _("Excuse %(person)s from %(quiz)s") % {"quiz": quiz.title, "person": person.name},
        "text": _("A second person who keeps the file decides. Until then nothing changes."),
        "confirm_label": _("Ask for it"),
        "cancel_url": reverse("certification:person", args=[person.staff_number]),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def excuses(request: HttpRequest) -> HttpResponse:
    """List what was asked for in the reader's sight; what the reader may decide has its buttons."""
    if not may_keep_files(request.user):
        raise PermissionDenied
    page = Paginator(excuses_for(request.user), PAGE).get_page(request.GET.get("page"))
    own = {each.pk for each in page.object_list if each.requested_by_id == request.user.pk}
    context = {"page_obj": page, "own": own, "form": DecisionForm()}
    return render(request, "certification/quizzes/excuses.html", context)


@login_required
@require_http_methods(["POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse one; what the reader may not decide looks like none."""
    found = get_object_or_404(excuses_for(request.user), pk=pk)
    if not may_decide(request.user, found):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    approve = request.POST.get("act") == "approve"
    remark = form.cleaned_data["remark"] if form.is_valid() else ""
    try:
        decide_excuse(found, by=request.user, approve=approve, remark=remark)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved.") if approve else _("Refused."))
    return redirect("certification:excuses")


def excuses_tile(request: HttpRequest) -> Tile | None:
    """Return what waits for the reader's word on the home page; None without any."""
    if not may_keep_files(request.user):
        return None
    waiting = list(waiting_excuses(request.user)[:SHOWN])
    return Tile("certification/quizzes/tiles/excuses.html", {"excuses": waiting}) if waiting else None
