"""Pages of imports: start one, name its columns, look at what it would do, accept it, take it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.enums import ImportState
from portal.errors import DomainError
from portal.exchange.downloads import content_disposition
from portal.exchange.imports import domain
from portal.exchange.imports.forms import ColumnsForm, SourceForm
from portal.exchange.imports.judging import chosen_of, kind_of, sheets_of
from portal.exchange.imports.queries import counts_of, lines_of, may_import, runs_in_sight
from portal.models import ImportRun
from portal.registry.imports import ImportKind, Outcome, import_kind, import_kinds
from portal.ui.filters import chips

PAGE = 50
RUNS = 20


def _own_or_404(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(runs_in_sight(request.user), pk=pk)


def _kind_or_404(request: HttpRequest, key: str) -> ImportKind:
    kind = import_kind(key)
    if kind is None:
        raise Http404
    if not kind.may_use(request.user):
        raise PermissionDenied
    return kind


@login_required
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """What can be imported, and what was."""
    if not may_import(request.user):
        raise PermissionDenied
    page = Paginator(runs_in_sight(request.user), RUNS).get_page(request.GET.get("page"))
    labels = {kind.key: kind.label for kind in import_kinds(request.user)}
    runs = [(run, labels[run.kind]) for run in page]
    return render(
        request,
        "portal/imports/list.html",
        {"kinds": [kind for kind in import_kinds(request.user) if kind.is_listed], "runs": runs, "page_obj": page},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file or pasted cells."""
    found = _kind_or_404(request, kind)
    options = found.options(request.user, request.GET.dict()) if found.options else {}
    form = SourceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = domain.start_import(
                found, form.content(), by=request.user, file_name=form.file_name(), options=options
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("import", run.pk)
    context = {"form": form, "kind": found}
    return render(request, "portal/imports/new.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where an import stands and what its rows would do; the middle alone for htmx."""
    run = _own_or_404(request, pk)
    context = _facts(request, run)
    template = "portal/imports/parts/progress.html" if _polls(request, run) else "portal/imports/run.html"
    response = render(request, template, context)
    if getattr(request, "htmx", False) and not context["is_working"]:
        response["HX-Refresh"] = "true"
    return response


def _polls(request: HttpRequest, run: ImportRun) -> bool:
    return bool(getattr(request, "htmx", False)) and run.state in (ImportState.READING, ImportState.WRITING)


def _facts(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    kind = kind_of(run)
    counts = counts_of(run)
    outcome = request.GET.get("outcome", "")
    choices = [(value, f"{label} {counts[value]}") for value, label in Outcome.choices if counts[value]]
    is_mine = run.created_by_id == request.user.pk
    return {
        "run": run,
        "kind": kind,
        "counts": counts,
        "chips": chips(request, "outcome", choices),
        "page_obj": Paginator(lines_of(run, outcome), PAGE).get_page(request.GET.get("page")),
        "titles": {column.key: column.label for column in kind.columns},
        "columns": [column for column in kind.columns if column.key in (run.chosen or {}).get("places", {})],
        "is_working": run.state in (ImportState.READING, ImportState.WRITING),
        "may_accept": is_mine and run.state == ImportState.PREVIEW,
        "may_name": is_mine and run.state in (ImportState.PREVIEW, ImportState.COLUMNS),
        "may_undo": is_mine and run.state == ImportState.ACCEPTED and bool(run.made),
        "may_discard": is_mine and run.state in (*domain.OPEN, ImportState.FAILED),
        "to_write": counts[Outcome.ADD] + counts[Outcome.CHANGE],
        "is_open": counts[Outcome.REFUSE] + counts[Outcome.ASK],
        "answers_missing": counts[Outcome.ASK],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Name sheet, header and columns by hand; a GET with another sheet or header shows its columns."""
    run = _own_or_404(request, pk)
    kind = kind_of(run)
    sheets = sheets_of(run)
    chosen = chosen_of(run)
    if request.GET.get("sheet", "").isdecimal() and int(request.GET["sheet"]) < len(sheets):
        header = request.GET.get("header", "")
        chosen = type(chosen)(int(request.GET["sheet"]), int(header) if header.isdecimal() else 0)
    form = ColumnsForm(request.POST or None, kind=kind, sheets=sheets, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            domain.name_columns(run, form.chosen(), by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("import", run.pk)
    context = {"form": form, "run": run, "kind": kind, "first": sheets[min(chosen.sheet, len(sheets) - 1)].lines[:6]}
    return render(request, "portal/imports/columns.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def import_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the decisions about rows."""
    run = _own_or_404(request, pk)
    answers = {
        int(name.removeprefix("row_")): value
        for name, value in request.POST.items()
        if name.startswith("row_") and name.removeprefix("row_").isdecimal() and len(name) < 14
    }
    if request.POST.get("all"):
        asked = run.lines.filter(outcome=Outcome.ASK)
        answers = {line.number: line.question["choices"][0][0] for line in asked} | {
            number: answer for number, answer in answers.items() if answer
        }
    domain.answer_rows(run, answers, by=request.user)
    return redirect("import", run.pk)


@login_required
@require_POST
def import_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the preview shows."""
    run = _own_or_404(request, pk)
    try:
        done = domain.accept_import(run, by=request.user, leave_out=bool(request.POST.get("leave_out")))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        if done.state == ImportState.ACCEPTED:
            messages.success(request, _("Imported: %(count)d records were written.") % {"count": len(done.made)})
    return redirect("import", run.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then take back what was written."""
    run = _own_or_404(request, pk)
    back = reverse("import", args=[run.pk])
    if request.method == "POST":
        try:
            domain.undo_import(run, by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Undone: what the import wrote was taken back."))
        return redirect(back)
    context = {
        "title": _("Undo this import?"),
        "text": _("%(count)d records are taken back. If something stands on one of them, nothing is undone.")
        % {"count": len(run.made)},
        "confirm_label": _("Undo the import"),
        "danger": True,
        "cancel_label": _("Back, change nothing"),
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)


@login_required
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the import away."""
    domain.discard_import(_own_or_404(request, pk), by=request.user)
    messages.success(request, _("Discarded. Nothing was imported."))
    return redirect("imports")


@login_required
@require_safe
def import_raw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file back as it came."""
    run = _own_or_404(request, pk)
    name = run.file_name or f"{_('pasted cells')}.txt"
    response = HttpResponse(bytes(run.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
