"""Pages of a machine's handling records: the paged list, the form on the phone, corrections."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kb.handling import domain, queries
from kb.handling.forms import CorrectionForm, RecordForm
from kb.handling.permissions import may_correct, may_record
from kb.handling.sight import ReadRow, read_rows
from kb.models import HandlingRecord
from portal.access.sight import units_in_sight
from portal.errors import DomainError
from portal.exchange.exports import Table, export_asked, export_response
from portal.models import EquipmentUnit
from portal.registry.duty import state_words

PAGE = 20


@login_required
@require_safe
def records(request: HttpRequest, pk: int) -> HttpResponse:
    """List what was done on a machine, the newest first; as a table every row ever written."""
    unit = _unit(request, pk)
    page = Paginator(queries.records_of(unit), PAGE).get_page(request.GET.get("page"))
    if page.paginator.count and (spreadsheet := export_asked(request.GET)):
        table = _table(unit, request.user)
        return export_response(table, spreadsheet, f"{_('Handling records')}-{unit.serial}")
    rows = read_rows(page, unit, request.user)
    context = {"unit": unit, "page_obj": page, "rows": rows, "may_record": may_record(request.user, unit)}
    return render(request, "kb/handling/records.html", context)


@login_required
def new_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The form on the phone: what was found and done today."""
    unit = _unit(request, pk)
    if not may_record(request.user, unit):
        raise PermissionDenied
    form = RecordForm(request.POST or None, unit=unit, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            record = domain.record_work(unit, request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            return _written(request, record)
    return _form_page(request, unit, form, _("Record work"))


@login_required
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a record by a further row; who may not correct it sees neither the form nor the record."""
    rows = HandlingRecord.objects.select_related("unit__model__category", "person", "article", "case")
    record = get_object_or_404(rows, pk=pk)
    if not may_correct(request.user, record):
        raise Http404
    unit = record.unit
    form = CorrectionForm(request.POST or None, unit=unit, reader=request.user, record=record)
    if request.method == "POST" and form.is_valid():
        try:
            row = domain.correct_record(record, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            return _written(request, row)
    return _form_page(request, unit, form, _("Correct a record"))


def _unit(request: HttpRequest, pk: int) -> EquipmentUnit:
    return get_object_or_404(units_in_sight(request.user), pk=pk)


def _form_page(request: HttpRequest, unit: EquipmentUnit, form: RecordForm, title: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "kb/handling/form.html", {"unit": unit, "form": form, "title": title}, status=status)


def _written(request: HttpRequest, record: HandlingRecord) -> HttpResponse:
    messages.success(request, _("Recorded in the file of %(serial)s.") % {"serial": record.unit.serial})
    if record.state == "refused":
        messages.warning(request, _("The gate did not allow this work that day; the record says so."))
    elif record.state != "allowed":
        words = _("The gate allowed this work that day: %(how)s. The record says so.")
        messages.warning(request, words % {"how": state_words(record.state)})
    return redirect("kb:records", record.unit_id)


def _table(unit: EquipmentUnit, reader: Any) -> Table:
    columns = [
        *(
            _("Day"),
            _("Done by"),
            _("Staff number"),
            _("Work"),
            _("What was found"),
            _("What was done"),
            _("Fault article"),
        ),
        *(_("Field case"), _("Parts used"), _("Minutes"), _("Allowed on duty"), _("Number of the record")),
        *(_("Corrects record"), _("Why it is corrected"), _("Recorded by"), _("Recorded at")),
    ]
    rows = read_rows(queries.all_rows_of(unit), unit, reader)
    return Table(_("Handling records"), columns, (_cells(read) for read in rows))


def _cells(read: ReadRow) -> list[Any]:
    row = read.record
    gate = _("Allowed with limits") if row.has_limit else state_words(row.gate_state)
    return [
        *(row.day, row.person.name, read.staff_number, row.get_task_display(), row.found, row.done),
        read.article.number if read.article else "",
        read.case.number if read.case else "",
        *(row.parts, row.minutes, gate, row.pk, row.corrects_id or "", row.reason),
        *(row.recorded_by.name, row.recorded_at),
    ]
