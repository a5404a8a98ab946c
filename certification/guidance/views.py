"""Pages of work under guidance: those in sight, one more, its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification.guidance.domain import approve_guidance, end_guidance, guided
from certification.guidance.forms import EndForm, GuidanceForm
from certification.guidance.queries import guidances_in_sight
from certification.permissions import can_keep_file, files_kept_by, may_keep_files
from portal.access.lookup import find_person
from portal.access.sight import people_in_sight
from portal.audiences import is_staff_member
from portal.errors import DomainError
from portal.ui.typed import refuse_typed

PAGE = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guidance(request: HttpRequest) -> HttpResponse:
    """List who works under whom; managers and administrators name one more."""
    if not is_staff_member(request.user):
        raise PermissionDenied
    form = _form(request) if may_keep_files(request.user) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _approved(request, form):
            messages.success(request, _("On record: the duty check allows it only together with the guide."))
            return redirect("certification:guidance")
    page = Paginator(guidances_in_sight(request.user), PAGE).get_page(request.GET.get("page"))
    now, today = timezone.now(), timezone.localdate()
    rows = [(each, guided(each).last_day(now), guided(each).last_day(now) < today) for each in page]
    context = {"form": form, "page_obj": page, "rows": rows, "keeps": form is not None}
    return render(request, "certification/guidance/guidance.html", context, status=422 if form and form.errors else 200)


def _form(request: HttpRequest) -> GuidanceForm:
    filled = {name: request.GET[name] for name in ("learner", "guide", "scheme") if request.GET.get(name)}
    return GuidanceForm(request.POST if request.method == "POST" else None, initial=filled)


def _approved(request: HttpRequest, form: GuidanceForm) -> bool:
    """Approve what the form says; a refusal stands in the form."""
    facts, people = dict(form.cleaned_data), {}
    for name, within in (("learner", files_kept_by(request.user)), ("guide", people_in_sight(request.user))):
        try:
            people[name] = find_person(request.user, facts.pop(name), within)
        except DomainError as error:
            refuse_typed(form, name, error)
            return False
    try:
        approve_guidance(request.user, people["learner"], people["guide"], facts.pop("scheme"), **facts)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a guidance with a reason, after asking once more."""
    record = get_object_or_404(guidances_in_sight(request.user), pk=pk)
    if not can_keep_file(request.user, record.learner):
        raise PermissionDenied
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_guidance(request.user, record, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Ended; past days stay as they were answered."))
            return redirect("certification:guidance")
    facts = {"learner": record.learner.name, "guide": record.guide.name}
    context = {
        "title": _("End the work of %(learner)s under %(guide)s") % facts,
        "text": record.scheme.name,
        "confirm_label": _("End it"),
        "danger": True,
        "cancel_url": reverse("certification:guidance"),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)
