"""Name a guide for a learner, and end it."""

import datetime as dt
import logging
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from certification.certificates.awards import award_if_complete
from certification.enums import EntryKind
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.guidance.errors import (
    GuidanceOver,
    GuidanceOverlaps,
    GuideNotQualified,
    ImpossibleGuidance,
    MayNotApprove,
)
from certification.ledger.standing import GRANTING
from certification.models import Guidance, GuidanceEnd, LedgerEntry, Scheme
from certification.permissions import can_keep_file
from certification.requirements.base import day_text
from certification.requirements.guidances import Guided
from certification.requirements.guided_months import KIND as GUIDED_MONTHS
from certification.schemes.held import held_for
from portal.access import audit
from portal.errors import DomainError
from portal.models import Person, PortalSettings

logger = logging.getLogger(__name__)


@transaction.atomic
def approve_guidance(
    by: Person,
    learner: Person,
    guide: Person,
    scheme: Scheme,
    *,
    starts_on: dt.date,
    ends_on: dt.date,
    form_key: uuid.UUID,
    limits: str = "",
    at: dt.datetime | None = None,
) -> Guidance:
    """Let ``learner`` do the work of ``scheme`` together with ``guide``, from one day to another, both included.

    Raises:
        MayNotApprove: not the learner's manager or an administrator.
        ImpossibleGuidance: the two are one, somebody left, the days, or a scheme that opens nothing.
        GuideNotQualified: the guide holds neither the scheme nor a higher level of it on the first day.
        GuidanceOverlaps: the two have one for some of these days.
        ActKeyTaken: the key belongs to another guidance.
    """
    at = at or timezone.now()
    if not can_keep_file(by, learner):
        raise MayNotApprove
    Person.objects.select_for_update().only("pk").get(pk=learner.pk)
    done = _approved_before(learner, guide, scheme, form_key)
    if done is not None:
        return done
    _check(learner, guide, scheme, starts_on, ends_on, at)
    made = Guidance.objects.create(
        learner=learner,
        guide=guide,
        scheme=scheme,
        starts_on=starts_on,
        ends_on=ends_on,
        limits=limits.strip(),
        approved_by=by,
        recorded_at=at,
        form_key=form_key,
    )
    facts = {"learner": learner.staff_number, "guide": guide.staff_number, "scheme": scheme.code}
    days = {"starts_on": str(starts_on), "ends_on": str(ends_on)}
    audit.record("certification.guidance_approved", made, actor=by, limits=made.limits, **facts, **days)
    return made


def _approved_before(learner: Person, guide: Person, scheme: Scheme, form_key: uuid.UUID) -> Guidance | None:
    """Return what an earlier post of the same form approved."""
    done = Guidance.objects.filter(form_key=form_key).first()
    about = (learner.pk, guide.pk, scheme.pk)
    if done is not None and (done.learner_id, done.guide_id, done.scheme_id) != about:
        raise ActKeyTaken
    return done


def _check(
    learner: Person, guide: Person, scheme: Scheme, starts_on: dt.date, ends_on: dt.date, at: dt.datetime
) -> None:
    if learner.pk == guide.pk:
        raise ImpossibleGuidance(ImpossibleGuidance.SAME)
    if ends_on < starts_on:
        raise ImpossibleGuidance
    if scheme.is_condition:
        raise ImpossibleGuidance(ImpossibleGuidance.CONDITION)
    if not (learner.is_active and guide.is_active):
        raise ImpossibleGuidance(ImpossibleGuidance.LEFT)
    if held_for(guide, scheme, starts_on, at) is None:
        raise GuideNotQualified(guide=guide.name, scheme=scheme.name, day=day_text(starts_on))
    pair = Guidance.objects.filter(learner=learner, guide=guide, scheme=scheme).select_related("end", "guide")
    for other in pair:
        last = guided(other).last_day(at)
        if other.starts_on <= ends_on and starts_on <= last:
            raise GuidanceOverlaps(first=day_text(other.starts_on), last=day_text(last))


def guided(record: Guidance) -> Guided:
    """Return a record as the gate reads it."""
    end = getattr(record, "end", None)
    return Guided(
        record.pk,
        record.scheme_id,
        record.guide_id,
        record.guide.name,
        record.starts_on,
        record.ends_on,
        record.recorded_at,
        record.limits,
        end.ended_on if end else None,
        end.recorded_at if end else None,
    )


@transaction.atomic
def end_guidance(by: Person, record: Guidance, *, reason: str, at: dt.datetime | None = None) -> GuidanceEnd:
    """Let a guidance count no more from today on; past days stay as they were answered.

    Raises:
        MayNotApprove: not the learner's manager or an administrator.
        ReasonNeeded: no reason given.
        GuidanceOver: it has ended.
    """
    at = at or timezone.now()
    record = Guidance.objects.select_related("learner").get(pk=record.pk)
    if not can_keep_file(by, record.learner):
        raise MayNotApprove
    Person.objects.select_for_update().only("pk").get(pk=record.learner_id)
    if not reason.strip():
        raise ReasonNeeded
    today = timezone.localdate(at)
    if record.ends_on < today or GuidanceEnd.objects.filter(guidance=record).exists():
        raise GuidanceOver
    ended = GuidanceEnd.objects.create(
        guidance=record, ended_on=today, reason=reason.strip(), ended_by=by, recorded_at=at
    )
    audit.record("certification.guidance_ended", record, actor=by, reason=ended.reason)
    return ended


def award_after_guidance() -> int:
    """Grant what months under guidance were the last thing missing for; return how many. Time alone completes it.

    So it does where a qualification can be renewed from a day on and everything was shown before. What cannot be
    granted to one keeps nothing from the others.
    """
    asking = Scheme.objects.in_force().filter(requirements__kind=GUIDED_MONTHS.key).distinct()
    learning = Guidance.objects.filter(scheme__in=asking, learner__is_active=True).select_related("learner", "scheme")
    pairs = {(each.learner_id, each.scheme_id): (each.learner, each.scheme) for each in learning}
    pairs |= {(each.person_id, each.scheme_id): (each.person, each.scheme) for each in _renewable()}
    return sum(_is_awarded(*pair) for pair in pairs.values())


def _renewable() -> list[LedgerEntry]:
    """Return a grant of each qualification whose last days begin: what was shown before them renews it now."""
    today = timezone.localdate()
    days = Scheme.objects.in_force().aggregate(most=Max("renewal_days"))["most"] or 0
    last = today + dt.timedelta(days=max(days, PortalSettings.load().expiring_days))
    ending = LedgerEntry.objects.filter(
        kind__in=[*sorted(GRANTING), EntryKind.CORRECTED],
        is_void=False,
        valid_to__range=(today, last),
        scheme__is_active=True,
        person__is_active=True,
    )
    return list(ending.select_related("person", "scheme").order_by("person_id", "scheme_id", "pk"))


def _is_awarded(person: Person, scheme: Scheme) -> bool:
    try:
        return award_if_complete(person, scheme) is not None
    except DomainError as error:
        logger.error("Person %s, scheme %s: not granted, %s", person.pk, scheme.code, error.code)
        return False
