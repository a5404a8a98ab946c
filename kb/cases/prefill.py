"""What a report is filled with, from where the reporter comes: a search, an article, a machine, a run."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kb.diagnosis.queries import own_run
from kb.faults.queries import faults_for
from kb.models import DiagnosisRun, FaultArticle
from kb.tree import YES, LostPath
from portal.models import EquipmentModel, EquipmentUnit


@dataclass(frozen=True)
class Origin:
    """Where a report comes from.

    Args:
        fields: what the form is filled with.
        search: number of the search that found nothing.
        run: the run of a guide that did not help.
        about: the article that did not help.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    search: str = ""
    run: DiagnosisRun | None = None
    about: FaultArticle | None = None


def prefill(request: HttpRequest) -> Origin:
    """Read the parameters ``title``, ``search``, ``article``, ``equipment``, ``serial`` and ``run`` of the address."""
    fields: dict[str, Any] = {"title": _plain(request, "title")[:160], "serial": _plain(request, "serial")[:60]}
    about = faults_for(request.user).filter(number=_plain(request, "article")).first()
    run = _run(request)
    unit = EquipmentUnit.objects.select_related("model").filter(serial=fields["serial"]).first()
    equipment = unit.model if unit else EquipmentModel.objects.filter(code=_plain(request, "equipment")).first()
    if about is not None:
        fields |= {"title": fields["title"] or about.title, "severity": about.severity}
        fields["tried"] = _("Worked through article %(number)s.") % {"number": about.number}
        machines = list(about.equipment.all()[:2])
        equipment = equipment or (machines[0] if len(machines) == 1 else None)
    if run is not None:
        fields |= {"title": run.guide.title, "tried": _tried(run)}
        equipment = equipment or run.equipment
    if equipment is not None:
        fields["equipment"] = equipment.pk
    return Origin(fields, _plain(request, "search"), run, about)


def _plain(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()


def _run(request: HttpRequest) -> DiagnosisRun | None:
    try:
        token = uuid.UUID(request.GET.get("run", ""))
    except ValueError:
        return None
    run = DiagnosisRun.objects.select_related("guide").filter(token=token).first()
    return own_run(token, run.guide, request.user) if run else None


def _tried(run: DiagnosisRun) -> str:
    """Return the answers of a run, a line each."""
    try:
        trail = run.guide.tree().walk(run.path)
    except LostPath:
        return ""
    words = {True: _("yes"), False: _("no")}
    lines = [f"{node.text} {words[answer == YES]}" for node, answer in zip(trail, run.path, strict=False)]
    return "\n".join([*lines, trail[-1].text])
