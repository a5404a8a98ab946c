"""What a copy of somebody's file holds, kind by kind, with the headings of the paper."""

from django.db.models.functions import Coalesce
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
from certification.training_file.copy_table import Cells, Section
from courses.models import Enrolment, HourCredit
from portal.models import Person

SCHEME, REASON = ("scheme__name", _("Scheme")), ("reason", _("Reason"))
RECORDED, WITHOUT = ("recorded_at", _("Recorded at")), _("first day without it")
DAYS: Cells = (("valid_from", _("Valid from")), ("valid_to", _("Valid until")))


def sections_about(person: Person) -> list[Section]:
    """Return what is on record about ``person``, kind by kind; nothing is read before the rows are asked for."""
    return [
        *_trained(person),
        *_assessed(person),
        _taken_over(person),
        *_held_by(person),
        *_allowed_besides(person),
        *_asked_about(person),
    ]


def _trained(person: Person) -> list[Section]:
    """Return posts and training."""
    of = {"person": person}
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
    ]


def _assessed(person: Person) -> list[Section]:
    """Return papers and practicals."""
    of = {"person": person}
    closed = with_results(Attempt.objects.filter(**of).exclude(state=AttemptState.OPEN))
    return [
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


def _allowed_besides(person: Person) -> list[Section]:
    """Return what was read, and what was allowed besides."""
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
    ]


def _asked_about(person: Person) -> list[Section]:
    """Return what the gate was asked about the person."""
    of = {"person": person}
    return [
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
