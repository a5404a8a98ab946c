"""Page that asks the gate about a list: people × machines × days, an outlet's roster, or the rows of a table."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from certification.duty.lists.asking import Answered, ask_list
from certification.duty.lists.exporter import answers_table
from certification.duty.lists.forms import ListForm
from certification.duty.lists.reading import (
    Line,
    as_text,
    check_number,
    crossed,
    days_typed,
    people_typed,
    table_lines,
    with_choices,
)
from certification.enums import AskedFrom
from certification.permissions import files_in_sight, may_survey
from portal.access.sight import organisations_in_sight
from portal.enums import Task, Tier
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.models import Organisation
from portal.typed import split_list

# Before the name of a field that says what an ambiguous text means.
MEANS = "means:"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_many(request: HttpRequest) -> HttpResponse:
    """Take a list and answer it as a table, or as an .xlsx; what cannot be asked is named, the rest is answered."""
    if not may_survey(request.user):
        raise PermissionDenied
    places = organisations_in_sight(request.user).exclude(tier=Tier.CUSTOMER).order_by("path")
    if request.method != "POST":
        first = {"days": timezone.localdate().isoformat(), "task": Task.REPAIR}
        form = ListForm(initial=first | request.GET.dict(), places=places)
        return render(request, "certification/duty/lists/list.html", {"form": form})
    form = ListForm(request.POST, request.FILES, places=places)
    answered = _answered(request, form) if form.is_valid() else None
    if (spreadsheet := export_asked(request.POST, "xlsx")) and answered is not None:
        return export_response(answers_table(answered), spreadsheet)
    context = {"form": form, "answered": answered}
    return render(request, "certification/duty/lists/list.html", context, status=422 if answered is None else 200)


def _answered(request: HttpRequest, form: ListForm) -> Answered | None:
    """Ask what the form lists; None where it cannot be read, which the form says."""
    try:
        lines, asked_from = _lines(request, form)
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    return ask_list(request.user, lines, asked_from)


def _lines(request: HttpRequest, form: ListForm) -> tuple[list[Line], AskedFrom]:
    """Return the questions; the form is filled with them as they were understood, for the next post.

    Raises:
        DomainError: the list cannot be read, or is too long.
    """
    data: dict[str, Any] = form.cleaned_data
    chosen = {key.removeprefix(MEANS): value for key, value in request.POST.items() if key.startswith(MEANS) and value}
    machines = [chosen.get(text, text) for text in split_list(data["equipment"])]
    days, task = days_typed(data["days"]), data["task"] or Task.REPAIR.value
    form.data = form.data.copy()
    second = chosen.get(data["second"], data["second"])
    form.data["equipment"], form.data["days"], form.data["second"] = "\n".join(machines), "、".join(days), second
    if data["organisation"]:
        people = _people_of(request, data["organisation"], days)
        return crossed(people, machines, days, task, second), AskedFrom.ROSTER
    if data["people"]:
        people = [chosen.get(text, text) for text in people_typed(data["people"])]
        form.data["people"] = "\n".join(people)
        return crossed(people, machines, days, task, second), AskedFrom.BATCH
    file = data["file"]
    content, name = (file.read(), file.name) if file else (data["table"].encode(), "")
    lines = with_choices(table_lines(content, machines, days, task, second, file_name=name), chosen)
    form.data["table"] = as_text(lines)
    return lines, AskedFrom.BATCH


def _people_of(request: HttpRequest, branch: Organisation, days: list[str]) -> list[str]:
    """Return the staff numbers of who works in a branch on the first of the days."""
    branches, first = Organisation.objects.filter(path__startswith=branch.path), dt.date.fromisoformat(days[0])
    people = files_in_sight(request.user, first).belonging_to(branches, first).order_by("staff_number")
    check_number(people.count())
    return list(people.values_list("staff_number", flat=True))
