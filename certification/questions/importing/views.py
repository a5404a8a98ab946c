"""Pages of the editing area: look at a file of questions, accept it; take a bank out as GIFT, Excel or QTI."""

import base64

from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from certification.models import QuestionBank, QuestionVersion
from certification.questions.importing.domain import FileRefused, import_questions, may_import, plan
from certification.questions.importing.gift_writing import write
from certification.questions.importing.qti import package
from certification.questions.importing.tables_writing import table_of
from portal.access import audit
from portal.exchange.exports import export_response
from portal.exchange.imports.reading import UnreadableImport

SALT = "certification.questions.importing"
# Seconds a preview may be accepted.
PREVIEW_AGE = 3600
# What a form field of the server takes, signed and in base 64.
MAX_BYTES = 1024 * 1024


class FileForm(forms.Form):
    """A bank and a file."""

    bank = forms.ModelChoiceField(QuestionBank.objects.none(), label=gettext_lazy("question bank"))
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("GIFT, Aiken, Moodle XML, Excel (.xlsx) or CSV, up to 1 MB.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["bank"].queryset = QuestionBank.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_file(self) -> object:
        """Refuse what is too large for a preview."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Split it and import the parts."))
        return file


@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Show the form, what a file would do, or write what was looked at."""
    if not may_import(request.user):
        raise PermissionDenied
    if "accept" in request.POST:
        return _accepted(request)
    form = FileForm(request.POST or None, request.FILES or None)
    made = token = None
    if request.method == "POST" and form.is_valid():
        bank, file = form.cleaned_data["bank"], form.cleaned_data["file"]
        content = file.read()
        try:
            made = plan(bank, file.name, content)
        except UnreadableImport as error:
            form.add_error("file", str(error))
        else:
            packed = {"bank": bank.pk, "name": file.name, "content": base64.b64encode(content).decode()}
            token = signing.dumps({**packed, "by": request.user.pk}, salt=SALT, compress=True)
    context = {"form": form, "plan": made, "token": token}
    return render(request, "certification/questions/admin/import.html", context)


def _accepted(request: HttpRequest) -> HttpResponse:
    try:
        packed = signing.loads(request.POST["accept"], salt=SALT, max_age=PREVIEW_AGE)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old. Nothing was imported; choose the file again."))
        return redirect("certification_questions_import")
    if packed["by"] != request.user.pk:
        raise PermissionDenied
    bank = get_object_or_404(QuestionBank, pk=packed["bank"])
    try:
        done = import_questions(bank, packed["name"], base64.b64decode(packed["content"]), by=request.user)
    except FileRefused as error:
        messages.error(request, str(error))
        return redirect("certification_questions_import")
    counts = {"added": len(done.added), "changed": len(done.changed), "same": done.same}
    messages.success(request, _("%(added)d questions added, %(changed)d changed, %(same)d as they were.") % counts)
    return redirect("question:index")


@require_safe
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send a bank as GIFT, Excel or QTI, key and all, to keepers of questions; what is left out is on record."""
    if not may_import(request.user):
        raise PermissionDenied
    bank = get_object_or_404(QuestionBank, pk=pk)
    current = QuestionVersion.objects.filter(question__bank=bank, is_current=True).order_by("question__ref")
    versions = current.select_related("question").prefetch_related("choices")
    if form == "xlsx":
        table, notes = table_of(versions)
        response = export_response(table, "xlsx", bank.code)
    elif form == "qti":
        content, notes = package(bank.name, versions)
        response = _download(content, "application/zip", f"{bank.code}-qti21.zip")
    else:
        text, notes = write(versions)
        response = _download(text.encode(), "text/plain; charset=utf-8", f"{bank.code}.gift")
    audit.record("certification.questions_exported", bank, actor=request.user, format=form, left_out=len(notes))
    return response


@require_safe
def losses(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an export of a bank does not carry, format by format, before it is taken."""
    if not may_import(request.user):
        raise PermissionDenied
    bank = get_object_or_404(QuestionBank, pk=pk)
    current = QuestionVersion.objects.filter(question__bank=bank, is_current=True).order_by("question__ref")
    versions = list(current.select_related("question").prefetch_related("choices"))
    formats = [
        ("gift", "GIFT", write(versions)[1]),
        ("xlsx", "Excel", table_of(versions)[1]),
        ("qti", "QTI 2.1", package(bank.name, versions)[1]),
    ]
    return render(request, "certification/questions/admin/export.html", {"bank": bank, "formats": formats})


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
