"""近期实践: so many jobs, or months with a job, in the last months; on the day of duty too."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.actions import Action
from certification.enums import PracticalResult, Stage
from certification.models import PracticalAssessment, Requirement, Scheme, SchemeScope
from certification.requirements.base import Asked, RowKind, day_text
from certification.requirements.rows import PEOPLE, Nothing, Row, rows_of
from certification.requirements.seats import SeatFinder
from kb.enums import CaseAct, RunResult
from kb.models import CaseEntry, DiagnosisRun
from portal.registry.duty import Reason

JOBS, MONTHS = "jobs", "months"
# What of a field case is work on it.
WORK_ON_A_CASE = (CaseAct.TAKEN, CaseAct.ANSWERED)


class PracticeReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    ENOUGH = "recent_practice_enough"
    MISSING = "recent_practice_missing"


class Job(NamedTuple):
    """Work somebody did: a field case, a guided diagnosis, a practical.

    Args:
        what: tells two rows of one job from two jobs.
        model: key of the machine, 0 where none was named.
        path: of the machine's category.
        checklist: key of the checklist of a practical, 0 for other work.
    """

    what: str
    day: dt.date
    recorded_at: dt.datetime
    model: int
    path: str
    checklist: int = 0


class RecentPracticeKind(RowKind):
    """Jobs on the equipment of the scheme in the last months; what is loaded are all jobs.

    Counted are field cases taken in hand or answered, guided diagnoses brought to their end, and practicals passed.
    """

    key = "recent_practice"
    label = gettext_lazy("Recent practice")
    order = 46
    codes = frozenset(PracticeReason.values)
    is_in_house = False

    def parameter_fields(self) -> dict[str, forms.Field]:
        """How much, of what, in how many months, and for how long after the first grant it is not asked."""
        units = [("", "—"), (JOBS, gettext_lazy("Jobs")), (MONTHS, gettext_lazy("Months with a job"))]
        return {
            "number": forms.IntegerField(
                min_value=1, max_value=500, label=gettext_lazy("At least so many (recent practice)")
            ),
            "unit": forms.ChoiceField(choices=units, label=gettext_lazy("Counted as (recent practice)")),
            "window": forms.IntegerField(
                min_value=1, max_value=120, label=gettext_lazy("In the last months (recent practice)")
            ),
            "free": forms.IntegerField(
                min_value=0,
                max_value=120,
                label=gettext_lazy("Not asked for so many months after the first grant (recent practice)"),
            ),
        }

    def clean(self, requirement: Requirement) -> None:
        """Number, unit and window belong together; no more months than the window has."""
        super().clean(requirement)
        given = requirement.parameters
        if not all(given.get(name) for name in ("number", "unit", "window")):
            raise ValidationError({"kind": _("Say how much recent practice is asked for, and in how many months.")})
        if given["unit"] == MONTHS and given["number"] > given["window"]:
            raise ValidationError({"kind": _("So many months do not fit in the months that are looked at.")})

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """Work on field cases."""
        entries = CaseEntry.objects.filter(author__in=PEOPLE, act__in=WORK_ON_A_CASE)
        return rows_of(
            self.where_asked(entries, of_schemes=of_schemes),
            self.key,
            Coalesce("case__equipment_id", 0),
            person="author_id",
            moments=["at"],
            numbers=["case_id"],
            texts=["case__equipment__category__path"],
        )

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """Guided diagnoses and practicals."""
        runs = DiagnosisRun.objects.filter(person__in=PEOPLE).exclude(result=RunResult.OPEN)
        passed = PracticalAssessment.objects.filter(person__in=PEOPLE, result=PracticalResult.PASSED)
        return [
            rows_of(
                self.where_asked(runs, of_schemes=of_schemes),
                self.key,
                Coalesce("equipment_id", 0),
                moments=["ended_at"],
                texts=["equipment__category__path"],
            ),
            rows_of(
                self.where_asked(passed, of_schemes=of_schemes),
                self.key,
                Coalesce("checklist_id", 0) * 0,
                days=["assessed_on"],
                moments=["signed_at"],
                # The first number is the case of a field case.
                numbers=[Nothing(IntegerField()), "checklist_id"],
                texts=["checklist__category__path"],
            ),
        ]

    def as_it_stood(self, shown: list[Job], is_moved: Callable[[int, str], bool]) -> list[Job]:
        """Jobs on machines that the person moved to where they count do not."""
        return [job for job in shown if not is_moved(job.model, job.path)]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, list[Job]]:
        """All of them; a field case is one job however often somebody worked on it."""
        found: dict[int, list[Job]] = {pk: [] for pk in person_ids}
        for row in rows:
            moment = cast("dt.datetime", row.moment_1)
            what = f"case {row.number_1}" if row.number_1 else f"{'practical' if row.day_1 else 'run'} {row.key}"
            day = row.day_1 or timezone.localdate(moment)
            job = Job(what, day, moment, row.subject, row.text_1 or "", row.number_2 or 0)
            found[row.person].append(job)
        return found

    def is_untouched(self, requirement: Requirement, shown: list[Job]) -> bool:
        """Whether nothing at all is on record."""
        return not shown

    def judge(self, requirement: Requirement, shown: list[Job], asked: Asked) -> Reason:
        """Count what of the window was on the equipment of the scheme."""
        given = requirement.parameters
        first = asked.on - relativedelta(months=given["window"]) + dt.timedelta(days=1)
        recent = [job for job in shown if first <= job.day <= asked.on and job.recorded_at <= asked.known_at]
        scopes = scopes_of(requirement.scheme)
        counted = [job for job in recent if is_on(scopes, job)]
        if given["unit"] == MONTHS:
            done = len({(job.day.year, job.day.month) for job in counted})
        else:
            done = len({job.what for job in counted})
        last = max((job.day for job in counted), default=None)
        facts = {
            "done": _amount(given["unit"], done),
            "wanted": _amount(given["unit"], given["number"]),
            "day": day_text(first),
        }
        params = {"done": done, "wanted": given["number"], "unit": given["unit"], "since": first.isoformat()}
        params["last"] = last.isoformat() if last else ""
        free_until = asked.held_since and asked.held_since + relativedelta(months=given.get("free") or 0)
        is_free = free_until is None or asked.on < free_until
        if done >= given["number"]:
            message = _("Recent practice: %(done)s since %(day)s, %(wanted)s needed") % facts
            return self.reason(requirement, PracticeReason.ENOUGH, message, met=True, **params)
        if is_free:
            message = _("Recent practice is not asked for yet (%(wanted)s from then on)") % facts
            return self.reason(requirement, PracticeReason.ENOUGH, message, met=True, **params)
        message = _("Recent practice missing: %(done)s since %(day)s, %(wanted)s needed") % facts
        return self.reason(requirement, PracticeReason.MISSING, message, met=False, **params)

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """It does not lead to the grant."""
        return Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """What counts as practice."""
        message, url = self.way_out(reason)
        return message, Action(_("Go to the diagnosis guides"), url)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """What counts as practice."""
        text = _("Field cases, guided diagnoses and a practical on this equipment count; ask an assessor for one.")
        return text, reverse("kb:guides")


def scopes_of(scheme: Scheme) -> list[SchemeScope]:
    """Return the scopes of a scheme, those loaded with it, else read once as long as it is in use."""
    if "scopes" in getattr(scheme, "_prefetched_objects_cache", {}):
        return list(scheme.scopes.all())
    kept = scheme.__dict__
    if "_loaded_scopes" not in kept:
        kept["_loaded_scopes"] = list(scheme.scopes.select_related("category", "model__category"))
    return kept["_loaded_scopes"]


def is_on(scopes: Sequence[SchemeScope], job: Job) -> bool:
    """Whether a job was on the equipment of a scheme; one without scope counts all."""
    if not scopes:
        return True
    return any(
        job.path.startswith(scope.category.path)
        if scope.category is not None
        # A practical names a category: it counts for the models of that category.
        else scope.model_id == job.model or (not job.model and job.path == scope.model.category.path)
        for scope in scopes
        if job.path
    )


def _amount(unit: str, number: int) -> str:
    if unit == MONTHS:
        return ngettext("%(number)d month with a job", "%(number)d months with a job", number) % {"number": number}
    return ngettext("%(number)d job", "%(number)d jobs", number) % {"number": number}


KIND = RecentPracticeKind()
