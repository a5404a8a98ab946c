"""Copy of everything on record about somebody, to take along: JSON for programs, a PDF for people, in one ZIP.

Questions and keys are not in it: papers are named with their results.
"""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from certification.enums import AttemptState
from certification.models import (
    Attempt,
    Certificate,
    DutyInquiry,
    DutyOverride,
    Excuse,
    Guidance,
    LedgerEntry,
    PracticalAssessment,
    ReadingConfirmation,
    StatutoryCertificate,
    TakenOver,
    WorkLimit,
)
from certification.results import with_results
from courses.models import Enrolment, HourCredit
from portal.access import audit
from portal.exchange.pdf import render_pdf
from portal.models import Person, PortalSettings

FORMAT = "dutyready.personal-copy/1"
TEMPLATE = "certification/training_file/print/copy.html"
Cells = Sequence[tuple[str, str | Promise]]
SCHEME, REASON = ("scheme__name", _("Scheme")), ("reason", _("Reason"))
RECORDED, WITHOUT = ("recorded_at", _("Recorded at")), _("first day without it")
DAYS: Cells = (("valid_from", _("Valid from")), ("valid_to", _("Valid until")))


@dataclass(frozen=True)
class Section:
    """One kind of record in a copy.

    Args:
        columns: where a value is read, which is its name in the JSON, with its heading on paper.
    """

    key: str
    title: str | Promise
    rows: QuerySet[Any]
    columns: Cells

    @property
    def values(self) -> list[dict[str, Any]]:
        """The rows by name of the columns."""
        names = [path for path, _heading in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows.values_list(*names)]

    def written(self, row: dict[str, Any]) -> list[str]:
        """Write a row as people read it: words on screen for what is kept as a code."""
        return [
            _shown(self._words[name].get(value, value) if name in self._words else value) for name, value in row.items()
        ]

    @cached_property
    def _words(self) -> dict[str, dict[Any, Any]]:
        """The words of codes by column."""
        fields = {field.name: field for field in self.rows.model._meta.concrete_fields}
        chosen = {path: fields[path].choices for path, _heading in self.columns if path in fields}
        return {path: dict(choices) for path, choices in chosen.items() if choices}


def sections_about(person: Person) -> list[Section]:
    """Return what is on record about ``person``, kind by kind; nothing is read before the rows are asked for."""
    return [*_shown_by(person), _taken_over(person), *_held_by(person), *_besides(person)]


def _shown_by(person: Person) -> list[Section]:
    """Return posts, training, papers and practicals."""
    of = {"person": person}
    closed = with_results(Attempt.objects.filter(**of).exclude(state=AttemptState.OPEN))
    return [
        Section(
            "assignments",
            _("Posts"),
            person.assignments.order_by("start", "pk"),
            [
                ("position__title", _("Position")),
                ("organisation__name", _("Organisation")),
                ("start", _("From")),
                ("end", _("To")),
            ],
        ),
        Section(
            "sessions",
            _("Sessions"),
            Enrolment.objects.filter(**of).order_by("session__starts_at", "pk"),
            [("session__title", _("Session")), ("session__starts_at", _("From")), ("state", _("State"))],
        ),
        Section(
            "hours",
            _("Hours"),
            HourCredit.objects.filter(**of).order_by("earned_on", "pk"),
            [("module__title", _("Module")), ("minutes", _("minutes")), ("earned_on", _("earned on"))],
        ),
        Section(
            "papers",
            _("Papers"),
            closed.order_by("started_at", "pk"),
            [
                ("quiz__title", _("Quiz")),
                ("started_at", _("From")),
                ("closed_at", _("To")),
                ("held_score", _("Score")),
                ("held_passed", _("Passed")),
            ],
        ),
        Section(
            "practicals",
            _("Practicals"),
            PracticalAssessment.objects.filter(**of).order_by("assessed_on", "pk"),
            [
                ("checklist__title", _("Checklist")),
                ("assessed_on", _("assessed on")),
                ("assessor__name", _("assessor")),
                ("result", _("result")),
                ("remark", _("remark")),
                ("rows", _("To be shown")),
            ],
        ),
    ]


def _held_by(person: Person) -> list[Section]:
    """Return qualifications and cards."""
    of = {"person": person}
    return [
        Section(
            "ledger",
            _("Qualification ledger"),
            LedgerEntry.objects.filter(**of).order_by("recorded_at", "pk"),
            [SCHEME, ("kind", _("Act")), *DAYS, RECORDED, REASON],
        ),
        Section(
            "certificates",
            _("Certificates"),
            Certificate.objects.filter(**of).order_by("issued_on", "pk"),
            [SCHEME, ("number", _("Certificate number")), ("issued_on", _("Issued on")), DAYS[1]],
        ),
        Section(
            "limits",
            _("Limits in words"),
            WorkLimit.objects.filter(**of).order_by("recorded_at", "pk"),
            [SCHEME, ("text", _("Limits in words")), RECORDED, REASON],
        ),
        Section(
            "cards",
            _("Cards issued outside"),
            StatutoryCertificate.objects.filter(**of).order_by("valid_from", "pk"),
            [("kind__name", _("Kind")), ("number", _("Number")), *DAYS, ("withdrawn_on", _("withdrawn on"))],
        ),
    ]


def _besides(person: Person) -> list[Section]:
    """Return what was read, allowed and asked."""
    of, days = {"person": person}, [("starts_on", _("From")), ("ends_on", _("To"))]
    return [
        Section(
            "readings",
            _("Confirmed readings"),
            ReadingConfirmation.objects.filter(**of).order_by("confirmed_at", "pk"),
            [("verdict__name", _("Manual")), ("confirmed_at", _("confirmed at"))],
        ),
        Section(
            "guidance",
            _("Work under guidance"),
            Guidance.objects.filter(learner=person).order_by("starts_on", "pk"),
            [SCHEME, ("guide__name", _("Guide")), *days, ("end__ended_on", WITHOUT), ("end__reason", REASON[1])],
        ),
        Section(
            "overrides",
            _("Overrides"),
            DutyOverride.objects.filter(**of).order_by("starts_on", "pk"),
            [*days, REASON, ("withdrawal__withdrawn_on", WITHOUT), ("withdrawal__reason", _("Why it was withdrawn"))],
        ),
        Section(
            "excuses",
            _("Excuses from quizzes"),
            Excuse.objects.filter(**of).order_by("requested_at", "pk"),
            [
                ("quiz__title", _("Quiz")),
                ("kind", _("Kind")),
                ("until", _("To be sat by")),
                ("requested_at", _("Recorded at")),
                REASON,
                # Empty where nobody decided yet.
                ("decision__is_approved", _("approved")),
                ("decision__remark", _("Remark")),
            ],
        ),
        Section(
            "duty_questions",
            _("Questions to the duty check"),
            DutyInquiry.objects.filter(**of).order_by("pk"),
            [
                ("asked_by__name", _("Asked by")),
                ("equipment__name", _("Equipment")),
                ("position__title", _("Position")),
                ("task", _("Task")),
                ("on", _("Day")),
                ("is_allowed", _("Allowed")),
                RECORDED,
            ],
        ),
    ]


def _taken_over(person: Person) -> Section:
    """Return what was shown before the portal was there."""
    found = TakenOver.objects.filter(person=person).order_by("on", "pk")
    return Section(
        "taken_over",
        _("Records taken over"),
        found.annotate(about=Coalesce("scheme__name", "quiz__title", "checklist__title", "module__title")),
        [
            ("kind", _("Kind")),
            ("about", _("What was shown")),
            ("number", _("Number")),
            ("on", _("Day")),
            ("until", _("Valid until")),
            ("score", _("Score")),
            ("minutes", _("minutes")),
            ("vouched_by__name", _("Vouched for by")),
            ("withdrawn_at", _("withdrawn at")),
            ("withdrawn_reason", _("Why it was withdrawn")),
        ],
    )


@transaction.atomic
def copy_of(person: Person, *, by: Person) -> bytes:
    """Return the ZIP; that it was taken stands in the audit log."""
    now = timezone.now()
    about = {
        "staff_number": person.staff_number,
        "name": person.name,
        "email": person.email,
        "mobile": person.mobile,
        "organisation": person.organisation.name if person.organisation else "",
        "joined_on": person.joined_on,
        "is_active": person.is_active,
    }
    listed = [(section, section.values) for section in sections_about(person)]
    written = {
        "format": FORMAT,
        "issuer": PortalSettings.load().issuer,
        "made_at": now,
        "person": about,
        "records": {section.key: rows for section, rows in listed},
    }
    paper = {
        "title": _("Copy of a personal file"),
        "person": person,
        "made_at": now,
        "sections": [(section, [section.written(row) for row in rows]) for section, rows in listed],
    }
    text = json.dumps(written, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file.json", text)
        archive.writestr("file.pdf", render_pdf(TEMPLATE, paper).content)
    audit.record("certification.copy_taken", person, actor=by)
    return out.getvalue()


def _shown(value: Any) -> str:
    """Write a value of a record as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        return "；".join(f"{'✓' if row.get('is_shown') else '✗'} {row.get('text', '')}" for row in value)
    return str(value)
