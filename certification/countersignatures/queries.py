"""Queries on evidence awaiting a counter-signature and on the assessors who may give it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from certification.enums import Ground, ReasonCode, Standing
from certification.ledger.standing import standing_under
from certification.models import ApprovedVersion, AssessorAppointment, Scheme
from certification.permissions import candidates_in_sight
from certification.requirements.countersignatures import Basis, basis_of
from certification.requirements.evidence import Evidence, evidence_of
from certification.schemes.progress import load_requirements, progress_from
from certification.schemes.reach import is_in_scope
from certification.versions.queries import changers_of, version_in_effect
from portal.models import Person, PortalSettings
from portal.registry.duty import Reason

# A qualification that stands is not granted anew, and a suspended one waits for its reinstatement.
GRANTABLE = (Standing.NONE, Standing.EXPIRING, Standing.GRACE, Standing.EXPIRED, Standing.REVOKED)


@dataclass(frozen=True)
class Pending:
    """Evidence of one person for one scheme that waits for a counter-signature."""

    person: Person
    scheme: Scheme
    version: ApprovedVersion
    basis: Basis
    grounds: tuple[Ground, ...]
    reasons: tuple[Reason, ...]

    @property
    def ground_labels(self) -> list[str]:
        """Why it is asked for, in words."""
        return [str(ground.label) for ground in self.grounds]

    @property
    def judged_by(self) -> list[ApprovedVersion]:
        """The versions of scheme, quizzes and checklists the person was judged by."""
        return [
            self.version,
            *(attempt.quiz_version for attempt in self.basis.attempts),
            *(practical.checklist_version for practical in self.basis.practicals),
        ]

    @property
    def mark(self) -> str:
        """What was looked at, as a form carries it: version of the scheme, attempts, practicals."""
        attempts, practicals = self.basis.keys
        return f"{self.version.pk}:{','.join(map(str, attempts))}:{','.join(map(str, practicals))}"


def pending_of(person: Person, scheme: Scheme, at: dt.datetime) -> Pending | None:
    """Return what waits for a counter-signature at ``at``, or None when nothing does."""
    evidence = evidence_of([person.pk], [scheme.pk])[person.pk]
    return _pending(person, scheme, evidence, at, PortalSettings.load().expiring_days)


def _pending(person: Person, scheme: Scheme, evidence: Evidence, at: dt.datetime, expiring_days: int) -> Pending | None:
    on = timezone.localdate(at)
    where = standing_under(scheme, evidence.entries[scheme.pk], on, at, expiring_days=expiring_days).standing
    if where not in GRANTABLE:
        return None
    reasons = progress_from(evidence, scheme, on, at)
    missing = [reason for reason in reasons if reason.code == ReasonCode.COUNTERSIGNATURE_MISSING]
    if not missing:
        return None
    grounds = tuple(Ground(value) for value in missing[0].params["grounds"])
    basis = basis_of(evidence, reasons)
    return Pending(person, scheme, version_in_effect(scheme), basis, grounds, tuple(reasons))


def is_appointed_for(assessor: Person, scheme: Scheme, day: dt.date) -> bool:
    """Whether the assessor is appointed that day for equipment in the scheme's scope, or for a category above it.

    A scheme without scope, such as one of a post, may be counter-signed by any appointed assessor.
    """
    appointed = AssessorAppointment.objects.valid_on(day).filter(person=assessor).select_related("category")
    return any(is_in_scope(scheme, appointment.category) for appointment in appointed)


def has_moved_the_bar(signer: Person, pending: Pending) -> bool:
    """Whether the signer wrote or approved a version the person was judged by, or an earlier one of it."""
    return any(signer.pk in changers_of(version) for version in pending.judged_by)


def signed_practical_of(signer: Person, pending: Pending) -> bool:
    """Whether the signer is the assessor of a practical in question."""
    return any(practical.assessor_id == signer.pk for practical in pending.basis.practicals)


def waiting_for_countersignature(signer: Person) -> list[Pending]:
    """Return what the signer may counter-sign today, by staff number."""
    now = timezone.now()
    schemes = _schemes_of(signer, timezone.localdate(now))
    people = list(_concerned(signer, schemes))
    evidence = evidence_of([person.pk for person in people], [scheme.pk for scheme in schemes])
    days = PortalSettings.load().expiring_days
    found = [
        pending
        for person in people
        for scheme in schemes
        if (pending := _pending(person, scheme, evidence[person.pk], now, days)) is not None
    ]
    return [
        pending
        for pending in found
        if not signed_practical_of(signer, pending) and not has_moved_the_bar(signer, pending)
    ]


def _schemes_of(signer: Person, day: dt.date) -> list[Scheme]:
    """Return the schemes in force for what the signer is appointed to assess, requirements loaded."""
    appointments = AssessorAppointment.objects.valid_on(day).filter(person=signer)
    categories = [appointment.category for appointment in appointments.select_related("category")]
    schemes = Scheme.objects.in_force().with_reach().order_by("code")
    return load_requirements(
        scheme for scheme in schemes if any(is_in_scope(scheme, category) for category in categories)
    )


def _concerned(signer: Person, schemes: Iterable[Scheme]) -> Iterable[Person]:
    """Return the people whose evidence may ask for a counter-signature: a small part of all who have shown some."""
    keys = [scheme.pk for scheme in schemes]
    versions = ApprovedVersion.objects.filter(record_label=Scheme._meta.label_lower, record_id__in=keys)
    attempts = Q(attempts__could_read_answers=True) | Q(attempts__wrote_questions=True) | Q(attempts__changed_quiz=True)
    concerned = (
        attempts
        | Q(practicals__changed_checklist=True)
        | Q(versions_written__version__in=versions)
        | Q(pk__in=versions.values("approved_by"))
    )
    people = candidates_in_sight(signer).filter(concerned).with_posts(timezone.localdate())
    return people.distinct().order_by("staff_number") if keys else people.none()
