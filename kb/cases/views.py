"""Pages of field cases: list, report, one case with its acts, photos."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kb.cases import articles, domain, queries
from kb.cases.acts import ACTS, offered_to
from kb.cases.forms import CaseForm
from kb.cases.permissions import can_open_case, can_work_on
from kb.cases.prefill import prefill
from kb.cases.reader_views import readers_facts
from kb.cases.readers import log_opening
from kb.enums import CaseAct, CaseKind, CaseState, Severity
from kb.models import CasePhoto, FieldCase
from portal.content.files import SANDBOX, serve_restricted
from portal.errors import DomainError
from portal.offline.keeping import keepable
from portal.offline.outbox import is_from_outbox, reasons_of, refused, taken, written_at
from portal.search.analytics.usage import led_to_case
from portal.ui.filters import chip

PAGE = 20


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """List the cases that wait for the reader, those they reported, or all they may see."""
    chosen = queries.CaseFilter(
        view=_one_of(request, "view", (queries.TODO, queries.MINE, queries.ALL)) or queries.TODO,
        severity=_one_of(request, "severity", Severity.values),
        state=_one_of(request, "state", CaseState.values),
        is_overdue=request.GET.get("overdue") == "1",
    )
    words = {queries.TODO: _("To do"), queries.MINE: _("Reported by me"), queries.ALL: _("All in my sight")}
    overdue = chip(request, "overdue", "1", _("Overdue"), active=chosen.is_overdue)
    context = {
        "page_obj": Paginator(chosen.apply(request.user), PAGE).get_page(request.GET.get("page")),
        "views": [chip(request, "view", view, label, active=view == chosen.view) for view, label in words.items()],
        "severities": [
            chip(request, "severity", value, label, active=value == chosen.severity)
            for value, label in Severity.choices
        ],
        "states": [
            *(chip(request, "state", value, label, active=value == chosen.state) for value, label in CaseState.choices),
            overdue,
        ],
        "is_filtered": bool(chosen.severity or chosen.state or chosen.is_overdue),
    }
    return render(request, "kb/cases/case_list.html", context)


@login_required
def report(request: HttpRequest) -> HttpResponse:
    """Report a case; the form is filled from the search, the article, the machine or the run one comes from."""
    origin = prefill(request)
    form = CaseForm(request.POST or None, request.FILES or None, reporter=request.user, initial=origin.fields)
    is_late = is_from_outbox(request)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if is_late:
            data["written_at"] = written_at(request)
        try:
            case = domain.report_case(request.user, **data, run=origin.run, about=origin.about)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if origin.search:
                led_to_case(origin.search, case.number)
            said = _("Reported as %(number)s.") % {"number": case.number}
            if is_late:
                return taken(case.get_absolute_url(), said)
            messages.success(request, said)
            return redirect(case)
    if is_late:
        return refused(reasons_of(form))
    status = 422 if request.method == "POST" else 200
    response = render(request, "kb/cases/report.html", {"form": form, "origin": origin}, status=status)
    return keepable(request, response, address=reverse("kb:case_report"), title=_("Report a case"), kind="form")


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case: what happens, what was done, what can be done now."""
    found = _case_or_404(request, pk)
    log_opening(found, request.user)
    return _page(request, found)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one of the acts offered; a refusal shows the page with what was typed."""
    found = _case_or_404(request, pk)
    chosen = next((offered for offered in ACTS if offered.name == name), None)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _page(request, found, name, form, status=422)
    try:
        chosen.do(found, request.user, form.cleaned_data)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _page(request, _case_or_404(request, pk), name, form, status=refused.status)
    return redirect(found)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The reporter says whether the article made of the case holds."""
    found = _case_or_404(request, pk)
    answered = queries.answered_in(request.user, found)
    if answered is None:
        raise Http404
    articles.confirm(answered, request.user, holds=request.POST.get("holds") == "1", text=request.POST.get("text", ""))
    return redirect(found)


@login_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft article of a case and open it in the editor."""
    article = articles.draft_article(_case_or_404(request, pk), request.user)
    return redirect(reverse("wagtailsnippets_kb_faultarticle:edit", args=[article.pk]))


@login_required
@require_safe
def photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Serve a photo to whom the case is open; for everybody else there is none."""
    found = _case_or_404(request, pk)
    shown = CasePhoto.objects.select_related("document").filter(case=found, pk=photo_pk).first()
    if shown is None or not shown.document.file.storage.exists(shown.document.file.name):
        raise Http404
    log_opening(found, request.user, f"photo {photo_pk}")
    if found.kind == CaseKind.ACCIDENT:
        return serve_restricted(request, shown.document.file.name)
    response = FileResponse(shown.document.file.open("rb"), filename=f"{found.number}-{photo_pk}.jpg")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


def _one_of(request: HttpRequest, name: str, values: Any) -> str:
    chosen = request.GET.get(name, "")
    return chosen if chosen in values else ""


def _case_or_404(request: HttpRequest, pk: int) -> FieldCase:
    found = queries.case_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: FieldCase, name: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    works = can_work_on(request.user, found)
    is_reporter = found.reporter_id == request.user.pk
    offered = [
        (offer, form if offer.name == name and form is not None else offer.form())
        for offer in offered_to(found, works=works, is_reporter=is_reporter)
    ]
    answered, other = queries.answered_in(request.user, found), found.merged_into
    published = answered and [entry for entry in answered.entries.all() if entry.act == CaseAct.PUBLISHED]
    context = {
        "case": found,
        "answered": answered,
        "opens_other": other is not None and can_open_case(request.user, other),
        "offered": offered,
        "failed": name,
        "works": works,
        "may_draft": found.article is None
        and found.kind != CaseKind.ACCIDENT
        and found.equipment is not None
        and found.state in articles.ANSWERED
        and request.user.has_perm("kb.add_faultarticle"),
        "asks_whether_it_holds": is_reporter and bool(published),
    } | readers_facts(found, request.user)
    return render(request, "kb/cases/case.html", context, status=status)
