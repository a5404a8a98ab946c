"""Approve and withdraw overrides of the duty gate."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.errors import ActKeyTaken
from certification.models import DutyOverride, OverrideWithdrawal
from certification.overrides.errors import (
    AlreadyWithdrawn,
    ImpossibleOverrideDays,
    MayNotOverride,
    OverrideNeedsOneEquipment,
    OverrideNeedsReason,
    OverrideNeedsTasks,
    OverrideOver,
    OverrideTooLong,
    PersonLeft,
)
from certification.permissions import can_keep_file
from portal.access import audit
from portal.enums import Task
from portal.models import EquipmentCategory, EquipmentModel, Person, PortalSettings


def can_override(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may answer for ``subject``: managers of the branch and administrators, never for oneself."""
    return can_keep_file(asker, subject)


@transaction.atomic
def approve_override(
    by: Person,
    person: Person,
    *,
    tasks: Collection[str],
    reason: str,
    starts_on: dt.date,
    ends_on: dt.date,
    form_key: uuid.UUID,
    category: EquipmentCategory | None = None,
    model: EquipmentModel | None = None,
) -> DutyOverride:
    """Let ``person`` do ``tasks`` on a category or model from one day to another, both included.

    Raises:
        MayNotOverride, PersonLeft, ActKeyTaken: not allowed, for nobody who works here, the key is another's.
        OverrideNeedsOneEquipment, OverrideNeedsTasks, OverrideNeedsReason: not complete.
        ImpossibleOverrideDays, OverrideTooLong: the days cannot be.
    """
    if not can_override(by, person):
        raise MayNotOverride
    # Two posts of one form wait for each other here.
    Person.objects.select_for_update().only("pk").get(pk=by.pk)
    done = _approved_before(by, person, form_key)
    if done is not None:
        return done
    if not Person.objects.filter(pk=person.pk, is_active=True).exists():
        raise PersonLeft
    if (category is None) == (model is None):
        raise OverrideNeedsOneEquipment
    _check_words(tasks, reason)
    _check_days(starts_on, ends_on)
    override = DutyOverride.objects.create(
        person=person,
        category=category,
        model=model,
        tasks=[task.value for task in Task if task.value in tasks],
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        approved_by=by,
        form_key=form_key,
    )
    _note(override)
    return override


def _note(override: DutyOverride) -> None:
    days = {"starts_on": str(override.starts_on), "ends_on": str(override.ends_on)}
    about = {"person": override.person.staff_number, "equipment": override.equipment_name, "tasks": override.tasks}
    audit.record(
        "certification.overridden", override, actor=override.approved_by, reason=override.reason, **days, **about
    )


def _approved_before(by: Person, person: Person, form_key: uuid.UUID) -> DutyOverride | None:
    """Return what an earlier post of the same form approved."""
    done = DutyOverride.objects.filter(form_key=form_key).first()
    if done is not None and (done.approved_by_id, done.person_id) != (by.pk, person.pk):
        raise ActKeyTaken
    return done


def _check_words(tasks: Collection[str], reason: str) -> None:
    if not tasks or not set(tasks) <= set(Task.values):
        raise OverrideNeedsTasks
    if not reason.strip():
        raise OverrideNeedsReason


def _check_days(starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on < starts_on or starts_on < timezone.localdate():
        raise ImpossibleOverrideDays
    longest = PortalSettings.load().override_days
    if (ends_on - starts_on).days + 1 > longest:
        raise OverrideTooLong(days=longest)


@transaction.atomic
def withdraw_override(by: Person, override: DutyOverride, *, reason: str) -> OverrideWithdrawal:
    """Let an override count no more from today on; past days stay as they were answered.

    Raises:
        MayNotOverride, OverrideNeedsReason: not allowed, or not complete.
        AlreadyWithdrawn, OverrideOver: there is nothing to withdraw.
    """
    locked = DutyOverride.objects.select_for_update(of=("self",)).select_related("person")
    override = locked.get(pk=override.pk)
    if not can_override(by, override.person):
        raise MayNotOverride
    if not reason.strip():
        raise OverrideNeedsReason
    if OverrideWithdrawal.objects.filter(override=override).exists():
        raise AlreadyWithdrawn
    if override.is_over:
        raise OverrideOver
    withdrawal = OverrideWithdrawal.objects.create(
        override=override, withdrawn_on=timezone.localdate(), reason=reason.strip(), withdrawn_by=by
    )
    audit.record("certification.override_withdrawn", override, actor=by, reason=withdrawal.reason)
    return withdrawal
