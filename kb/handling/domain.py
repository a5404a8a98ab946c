"""Append handling records and their corrections; the gate's answer of the day is kept with each."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.handling.errors import CorrectedAlready, NotInSight, NotYetDone, NotYours
from kb.handling.permissions import may_correct, may_record
from kb.models import HandlingRecord
from portal.access import audit
from portal.enums import Task
from portal.models import EquipmentUnit, Person
from portal.registry import duty
from portal.templatetags.portal_format import org_day


@transaction.atomic
def record_work(unit: EquipmentUnit, person: Person, *, token: uuid.UUID, **facts: Any) -> HandlingRecord:
    """Append what ``person`` did on ``unit``; sent twice with one token it is one record.

    The gate does not refuse a record: the work is done, and that somebody did it unqualified is to be known.

    Args:
        facts: fields of the record such as ``day``, ``task``, ``found``, ``done``, ``minutes``.

    Raises:
        NotInSight: not of the service network, or a machine they may not look up.
        NotYetDone: the day is to come.
    """
    # Of two sendings of one form the second waits for the first.
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    if not may_record(person, unit):
        raise NotInSight
    sent = HandlingRecord.objects.filter(token=token, recorded_by=person).first()
    return sent or _append(unit, person, person, token, facts, "kb.work_recorded")


@transaction.atomic
def correct_record(
    record: HandlingRecord, *, reason: str, by: Person, token: uuid.UUID, **facts: Any
) -> HandlingRecord:
    """Append a row that takes the place of ``record``; what that said stays readable.

    Raises:
        NotYours: somebody else's work, outside one's sight.
        CorrectedAlready: a row has taken its place.
        NotYetDone: the day is to come.
    """
    locked = HandlingRecord.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=record.pk)
    if not may_correct(by, locked):
        raise NotYours
    sent = HandlingRecord.objects.filter(corrects=locked).first()
    if sent is not None and (sent.token, sent.recorded_by_id) == (token, by.pk):
        return sent
    if sent is not None:
        raise CorrectedAlready(day=org_day(timezone.localtime(sent.recorded_at).date()))
    facts |= {"corrects": locked, "reason": reason.strip()}
    return _append(locked.unit, locked.person, by, token, facts, "kb.work_corrected")


def _append(
    unit: EquipmentUnit, person: Person, by: Person, token: uuid.UUID, facts: dict[str, Any], act: str
) -> HandlingRecord:
    day: dt.date = facts["day"]
    if day > timezone.localdate():
        raise NotYetDone(day=org_day(day))
    answer = duty.ask(person, unit.model, Task(facts["task"]), day)
    reasons = [_kept(reason) for reason in answer.reasons]
    said = {"was_allowed": answer.allowed, "state": answer.state, "guide": answer.only_under, "gate": reasons}
    row = HandlingRecord(**facts, **said, unit=unit, person=person, recorded_by=by, token=token)
    row.full_clean(validate_unique=False)
    row.save()
    audit.record(act, unit, actor=by, record=row.pk, day=str(day), task=row.task, answer=answer.state)
    return row


def _kept(reason: duty.Reason) -> dict[str, Any]:
    limit = {"limit": str(reason.params["limit"])} if reason.params.get("limit") else {}
    return {"code": reason.code, "message": str(reason.message), "met": reason.met} | limit
