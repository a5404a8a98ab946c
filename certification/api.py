"""The duty question as an API."""

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router, Schema

from portal import duty
from portal.access.dates import parse_day, parse_moment
from portal.api import SIGNED_IN
from portal.queries import find_equipment, find_person_for_duty

router = Router(tags=["duty"])


class ReasonOut(Schema):
    """One reason: a stable name and a sentence."""

    code: str
    message: str


class CertificateOut(Schema):
    """One certificate the answer rests on."""

    number: str
    scheme: str
    name: str
    valid_from: dt.date
    valid_to: dt.date


class DutyOut(Schema):
    """Allowed or refused, with the reasons."""

    allowed: bool
    reasons: list[ReasonOut]
    certificates: list[CertificateOut]


@router.get("", auth=SIGNED_IN, response=DutyOut, url_name="duty", summary="May this person work on this equipment?")
def ask_duty(
    request: HttpRequest,
    person: str = Query(..., description="Staff number, e.g. T001"),
    equipment: str = Query(..., description="Code of the model or its name, e.g. RF-LK or 冷库"),
    on: str = Query("", description="Day, e.g. 2026-03-18 or 2026年3月18日; today when left out"),
    known_at: str = Query(
        "",
        description="Answer as it was known at this moment, 2026-03-18T08:30:00+08:00; a day alone means its end",
    ),
) -> dict:
    """Answer whether a person may work on a machine that day, with the reasons.

    Dispatchers, managers of the branch, auditors and administrators ask about anybody in their sight; everybody else
    about themselves. Unknown and unseen people look the same (404).
    """
    subject = find_person_for_duty(request.user, person)
    answer = duty.ask(subject, find_equipment(equipment), parse_day(on), parse_moment(known_at))
    return {
        "allowed": answer.allowed,
        "reasons": [{"code": reason.code, "message": reason.message} for reason in answer.reasons],
        "certificates": list(answer.certificates),
    }
