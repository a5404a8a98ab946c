"""Import of a document in the Wagtail admin: upload, look at what was read, accept."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kb.enums import ImportState
from kb.manuals.imports.domain import accept_import, start_import
from kb.manuals.imports.forms import ImportForm
from kb.manuals.imports.notes import note_words, refusal_words
from kb.manuals.outline_views import OUTLINE_VIEW
from kb.manuals.tree import depth_of, numbered
from kb.models import Manual, ManualImport
from portal.errors import DomainError

UPLOAD_VIEW = "kb_import_manual"
PREVIEW_VIEW = "kb_manual_import"
PERMISSION = "kb.add_manualedition"


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document as the next edition of a manual."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    manual = get_object_or_404(Manual, pk=pk)
    form = ImportForm(request.POST or None, request.FILES or None, manual=manual)
    if request.method == "POST" and form.is_valid():
        facts = {"edition": form.cleaned_data["name"], "changes": form.cleaned_data["changes"]}
        record = start_import(manual, form.cleaned_data["file"], **facts, by=request.user)
        return redirect(PREVIEW_VIEW, record.pk)
    return render(request, "kb/manuals/admin/import.html", {"form": form, "manual": manual})


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was read of a document and what could not be carried over; a post accepts it."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    record = get_object_or_404(ManualImport.objects.select_related("manual", "accepted"), pk=pk)
    if request.method == "POST":
        try:
            draft = accept_import(record, by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(PREVIEW_VIEW, pk)
        messages.success(request, _("%(edition)s is a draft with the chapters of the document.") % {"edition": draft})
        return redirect(OUTLINE_VIEW, draft.pk)
    return render(request, "kb/manuals/admin/import_preview.html", _facts(record))


def _facts(record: ManualImport) -> dict[str, Any]:
    outcome = record.outcome
    chapters = outcome.get("chapters", [])
    numbers = numbered(chapter["depth"] for chapter in chapters)
    rows = [
        {
            "depth": depth_of(number),
            "title": f"{number} {chapter['title'] or _('Introduction')}",
            "tables": sum(kind == "table" for kind, _value in chapter["blocks"]),
            "pictures": sum(kind == "figure" for kind, _value in chapter["blocks"]),
            "blocks": [(kind, value) for kind, value in chapter["blocks"] if kind != "figure"],
        }
        for number, chapter in zip(numbers, chapters, strict=True)
    ]
    return {
        "record": record,
        "rows": rows,
        "pictures": len(outcome.get("pictures", ())),
        "notes": note_words(outcome.get("notes", ())),
        "refusal": refusal_words(outcome["refused"], outcome.get("detail", "")) if "refused" in outcome else "",
        "is_waiting": record.state == ImportState.QUEUED,
        "is_acceptable": record.state == ImportState.READ,
    }
