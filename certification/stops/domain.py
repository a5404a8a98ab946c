"""Order and lift stops of work."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.errors import ActKeyTaken
from certification.models import WorkStop, WorkStopLift
from certification.stops.errors import AlreadyLifted, MayNotStop, OneEquipment, ResumesTooEarly, StopReasonNeeded
from portal.access import audit
from portal.access.sight import organisations_in_sight
from portal.enums import Role
from portal.models import EquipmentCategory, EquipmentModel, Organisation, Person


def may_stop(person: Any, region: Organisation | None) -> bool:
    """Whether ``person`` may stop work in ``region``; administrators alone in the whole network (``None``)."""
    return may_stop_in(person, {region})[region]


def may_stop_in(person: Any, regions: Collection[Organisation | None]) -> dict[Organisation | None, bool]:
    """Return the answer of :func:`may_stop` for each of several regions, by one query."""
    if not (getattr(person, "is_authenticated", False) and person.is_active):
        return dict.fromkeys(regions, False)
    named = {region.pk for region in regions if region is not None}
    seen: set[int] = set()
    if named and person.has_role(Role.MANAGER, Role.ADMINISTRATOR):
        seen = set(organisations_in_sight(person).filter(pk__in=named).values_list("pk", flat=True))
    everywhere = bool(person.has_role(Role.ADMINISTRATOR))
    return {region: everywhere if region is None else region.pk in seen for region in regions}


@transaction.atomic
def stop_work(
    by: Person,
    *,
    reason: str,
    form_key: uuid.UUID,
    category: EquipmentCategory | None = None,
    model: EquipmentModel | None = None,
    region: Organisation | None = None,
    starts_on: dt.date | None = None,
) -> WorkStop:
    """Refuse all work on a category or model in a region, or in the whole network, from a day on (today if not said).

    Raises:
        MayNotStop, OneEquipment, StopReasonNeeded: not allowed, or not complete.
        ActKeyTaken: the key belongs to another person's stop.
    """
    if not may_stop(by, region):
        raise MayNotStop
    if (category is None) == (model is None):
        raise OneEquipment
    if not reason.strip():
        raise StopReasonNeeded
    # Two posts of one form wait for each other here.
    Person.objects.select_for_update().only("pk").get(pk=by.pk)
    done = WorkStop.objects.filter(form_key=form_key).first()
    if done is not None:
        if done.ordered_by_id != by.pk:
            raise ActKeyTaken
        return done
    stop = WorkStop.objects.create(
        category=category,
        model=model,
        region=region,
        starts_on=starts_on or timezone.localdate(),
        reason=reason.strip(),
        ordered_by=by,
        form_key=form_key,
    )
    audit.record("certification.work_stopped", stop, actor=by, reason=stop.reason, starts_on=str(stop.starts_on))
    return stop


@transaction.atomic
def lift_stop(by: Person, stop: WorkStop, *, reason: str, resumes_on: dt.date | None = None) -> WorkStopLift:
    """Allow work again from a day on, today if not said; past days stay refused.

    Raises:
        MayNotStop, StopReasonNeeded, ResumesTooEarly: not allowed, or not complete.
        AlreadyLifted: it was lifted before.
    """
    stop = WorkStop.objects.select_for_update(of=("self",)).select_related("region").get(pk=stop.pk)
    if not may_stop(by, stop.region):
        raise MayNotStop
    if not reason.strip():
        raise StopReasonNeeded
    if WorkStopLift.objects.filter(stop=stop).exists():
        raise AlreadyLifted
    today = timezone.localdate()
    day = resumes_on or max(today, stop.starts_on)
    if day < max(today, stop.starts_on):
        raise ResumesTooEarly
    lift = WorkStopLift.objects.create(stop=stop, resumes_on=day, reason=reason.strip(), lifted_by=by)
    audit.record("certification.work_resumed", stop, actor=by, reason=lift.reason, resumes_on=str(day))
    return lift
