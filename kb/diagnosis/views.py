"""Pages of guided diagnosis: list, start, one step a screen."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.diagnosis import domain, queries
from kb.diagnosis.errors import GuideChanged
from kb.diagnosis.forms import EndForm, LateRunForm, StartForm
from kb.diagnosis.later import record_late_run
from kb.diagnosis.pictures import pictures_of_step
from kb.diagnosis.steps import Position, position_on
from kb.diagnosis.whole import MOST_MACHINES, whole_guide
from kb.enums import RunResult, StepKind
from kb.models import DiagnosisGuide, DiagnosisRun
from kb.translations.guides import read_guide, read_step_pictures
from kb.translations.languages import PARAMETER
from kb.translations.queries import title_in, versions_of
from kb.translations.reading import Reading, Translated, reading_for
from kb.tree import NO, YES, LostPath
from portal.access.dates import start_of_day
from portal.access.rate_limits import limit
from portal.audiences import can_open, hide
from portal.errors import DomainError
from portal.offline.keeping import keepable
from portal.offline.outbox import reasons_of, refused, taken

PAGE = 20
#: Runs of readers without account, and answers in them, per address.
ANONYMOUS_RATE = "120/m"


@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """List the guides the reader may follow."""
    guides = queries.listed(queries.guides_for(request.user)).order_by("category__path", "number")
    page = Paginator(guides, PAGE).get_page(request.GET.get("page"))
    title_in(page, translation.get_language())
    return render(request, "kb/diagnosis/guide_list.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: HttpRequest, number: str) -> HttpResponse:
    """Show what a guide is about; a POST starts a run on the machine chosen."""
    found = _guide_or_404(number)
    if not can_open(request.user, found.audience):
        hide()
    form = StartForm(request.POST or None, guide=found, initial={"equipment": request.GET.get("equipment", "")})
    if request.method == "POST" and form.is_valid():
        _limit(request)
        run = domain.follow(
            found,
            "",
            token=form.cleaned_data["token"],
            person=_person(request),
            equipment=form.cleaned_data.get("equipment"),
        )
        return redirect(_step_url(request, found, run, run.path))
    reading, _translated = _read(request, found)
    questions = sum(step.as_node().is_question for step in found.steps.all())
    context = {"guide": found, "form": form, "questions": questions, "reading": reading}
    status = 422 if request.method == "POST" else 200
    return _keepable(request, found, render(request, "kb/diagnosis/guide.html", context, status=status))


@require_safe
def whole(request: HttpRequest, number: str) -> HttpResponse:
    """Show all steps in one document, which works without a network; what is hazardous is judged for today."""
    found = _guide_or_404(number)
    if not can_open(request.user, found.audience):
        hide()
    machines = found.machines()[:MOST_MACHINES]
    steps = whole_guide(found, request.user, machines)
    reading, translated = _read(request, found)
    steps = [replace(one, pictures=read_step_pictures(one.step, list(one.pictures), translated)) for one in steps]
    context = {
        "guide": found,
        "machines": machines,
        "steps": steps,
        "reading": reading,
        "until": start_of_day(timezone.localdate() + dt.timedelta(days=1)),
        "form": EndForm(),
    }
    return _keepable(request, found, render(request, "kb/diagnosis/whole.html", context))


@require_POST
def late_run(request: HttpRequest, number: str) -> HttpResponse:
    """Take a run that was made without a network; the same one again is answered alike."""
    found = _guide_or_404(number)
    if not can_open(request.user, found.audience):
        hide()
    _limit(request)
    form = LateRunForm(request.POST, guide=found)
    if not form.is_valid():
        return refused(reasons_of(form))
    try:
        run = record_late_run(found, form.late_run(), person=_person(request))
    except DomainError as error:
        return refused([str(error)], error.status)
    return taken(_step_url(request, found, run, run.path), found.title)


def _keepable(request: HttpRequest, found: DiagnosisGuide, response: HttpResponse) -> HttpResponse:
    """Let the device keep the whole guide, whichever page of it was opened."""
    return keepable(
        request,
        response,
        address=reverse("kb:guide_whole", args=[found.number]),
        title=found.title,
        kind="guide",
        audience=found.audience,
        covers=found.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, path: str = "") -> HttpResponse:
    """Show the step a path of answers leads to; a POST answers it or, at an end, says whether it helped."""
    found = _guide_or_404(number)
    if not can_open(request.user, found.audience):
        hide()
    run = _run(request, found)
    try:
        position = position_on(found, path, request.user, run.equipment if run else _asked_about(request, found))
    except LostPath as lost:
        messages.warning(request, str(GuideChanged(lost.kept)))
        return redirect(_step_url(request, found, run, lost.kept))
    if request.method == "POST":
        return _answer(request, found, run, position)
    return _page(request, found, run, position, EndForm())


def _answer(request: HttpRequest, found: DiagnosisGuide, run: DiagnosisRun | None, position: Position) -> HttpResponse:
    """Go on with a yes or a no, or end the run; a hazardous step is answered by who may do it."""
    _limit(request)
    answer = request.POST.get("answer", "")
    if position.step.kind == StepKind.QUESTION and answer in (YES, NO):
        if not position.is_open:
            raise PermissionDenied
        run = _follow(request, found, run, position, position.path + answer)
        return redirect(_step_url(request, found, run, run.path))
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, found, run, position, form, status=422)
    run = _follow(request, found, run, position, position.path)
    domain.end_run(run, RunResult(form.cleaned_data["result"]), reason=form.cleaned_data["reason"])
    return redirect(_step_url(request, found, run, run.path))


def _follow(
    request: HttpRequest, found: DiagnosisGuide, run: DiagnosisRun | None, position: Position, path: str
) -> DiagnosisRun:
    """Record the path; who came by a colleague's address starts a run of their own."""
    token = run.token if run else uuid.uuid4()
    return domain.follow(found, path, token=token, person=_person(request), equipment=position.equipment)


def _page(
    request: HttpRequest,
    found: DiagnosisGuide,
    run: DiagnosisRun | None,
    position: Position,
    form: EndForm,
    status: int = 200,
) -> HttpResponse:
    reading, translated = _read(request, found)
    steps = [(passed, _step_url(request, found, run, at), answer) for passed, at, answer in position.passed]
    pictures = pictures_of_step(found, position.step, request.user) if position.is_open else []
    context = {
        "guide": found,
        "run": run,
        "here": position,
        "step": position.step,
        "passed": steps,
        "back_url": steps[-1][1] if steps else found.get_absolute_url(),
        "form": form,
        "pictures": read_step_pictures(position.step, pictures, translated),
        "reading": reading,
        "recorded": run if run and run.result != RunResult.OPEN and run.path == position.path else None,
    }
    return _keepable(request, found, render(request, "kb/diagnosis/step.html", context, status=status))


def _read(request: HttpRequest, found: DiagnosisGuide) -> tuple[Reading, Translated | None]:
    """Put a guide into the language asked for or that of the screen; what is recorded of a run is never of it."""
    versions = versions_of(found)
    reading = reading_for(request, versions)
    return reading, read_guide(found, versions, reading)


def _guide_or_404(number: str) -> DiagnosisGuide:
    found = queries.guide_for_reading(number)
    if found is None:
        raise Http404
    return found


def _run(request: HttpRequest, found: DiagnosisGuide) -> DiagnosisRun | None:
    """Return the reader's run named in the address, if it is theirs."""
    try:
        token = uuid.UUID(request.GET.get("run", ""))
    except ValueError:
        return None
    return queries.own_run(token, found, request.user)


def _asked_about(request: HttpRequest, found: DiagnosisGuide) -> Any:
    """Return the machine named in the address, or the guide's only one."""
    machines = found.machines()
    named = [machine for machine in machines if machine.code == request.GET.get("equipment", "")]
    return named[0] if named else machines[0] if len(machines) == 1 else None


def _person(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _limit(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        limit(request, "diagnosis", ANONYMOUS_RATE)


def _step_url(request: HttpRequest, found: DiagnosisGuide, run: DiagnosisRun | None, path: str) -> str:
    """Return the address of a position: the answers are in it, so it can be reloaded, gone back to and passed on."""
    name, args = ("kb:guide_step", [found.number, path]) if path else ("kb:guide_first", [found.number])
    address = reverse(name, args=args)
    kept = {"run": str(run.token) if run else "", PARAMETER: request.GET.get(PARAMETER, "")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{address}?{query}" if query else address
