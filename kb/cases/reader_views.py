"""Who reads the file of an accident: shown to its readers, changed by those who keep the list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kb.cases import queries
from kb.cases.forms import ColleaguesField
from kb.cases.permissions import keeps_readers
from kb.cases.readers import OPENED, add_readers, remove_reader
from kb.enums import CaseKind
from kb.models import CaseReader, FieldCase
from portal.errors import DomainError
from portal.models import AuditEvent

OPENINGS = 20


class ReaderForm(forms.Form):
    """Somebody by staff number or name, and why."""

    person = ColleaguesField(label=gettext_lazy("Staff number or name"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].reporter = reader


def readers_facts(case: FieldCase, reader: Any) -> dict[str, Any]:
    """Return what the page of an accident says about its readers; nothing for other cases."""
    if case.kind != CaseKind.ACCIDENT:
        return {}
    rows = list(case.readers.select_related("person", "added_by", "removed_by"))
    keeps = keeps_readers(reader, case)
    opened = AuditEvent.objects.filter(action=OPENED, subject=f"{case._meta.label_lower}:{case.pk}")
    return {
        "readers": [row for row in rows if row.removed_at is None],
        "former_readers": [row for row in rows if row.removed_at is not None],
        "keeps_readers": keeps,
        "reader_form": ReaderForm(reader=reader) if keeps else None,
        "openings": opened.select_related("actor").order_by("-pk")[:OPENINGS] if keeps else [],
    }


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the people named, for the reason given; all or none."""
    case = _accident_or_404(request, pk)
    form = ReaderForm(request.POST, reader=request.user)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(case)
    try:
        added = add_readers(case, form.cleaned_data["person"], reason=form.cleaned_data["reason"], by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect(case)
    for row in added:
        messages.success(request, _("%(name)s reads this file now.") % {"name": row.person.name})
    return redirect(case)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int, reader_pk: int) -> HttpResponse:
    """Take the file from one reader, for a reason."""
    case = _accident_or_404(request, pk)
    row = get_object_or_404(CaseReader, case=case, pk=reader_pk)
    try:
        remove_reader(row, reason=request.POST.get("reason", ""), by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect(case)
    messages.success(request, _("%(name)s does not read this file any more.") % {"name": row.person.name})
    return redirect("kb:cases" if row.person_id == request.user.pk else case)


def _accident_or_404(request: HttpRequest, pk: int) -> FieldCase:
    found = queries.case_for(request.user, pk)
    if found is None or found.kind != CaseKind.ACCIDENT:
        raise Http404
    return found
