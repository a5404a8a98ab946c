"""What overrides say about one question, and what none of them may override."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.requirements.base import day_text
from certification.requirements.overrides import Override
from certification.statutory.cards import CardReason
from portal.models import EquipmentModel
from portal.registry.duty import Reason

# Nobody answers for these: the law, an order to stop, somebody who left, what was taken away for cause, and who moved
# the bar.
NEVER_OVERRIDDEN = frozenset(
    {
        ReasonCode.WORK_STOPPED.value,
        ReasonCode.PERSON_INACTIVE.value,
        ReasonCode.SUSPENDED.value,
        ReasonCode.REVOKED.value,
        ReasonCode.NO_STATUTORY_RULE.value,
        ReasonCode.BAR_UNCONFIRMED.value,
        CardReason.MISSING.value,
        CardReason.EXPIRED.value,
    }
)


def may_be_overridden(reasons: Iterable[Reason]) -> bool:
    """Whether everything missing is something an approver may answer for."""
    return all(reason.met or reason.code not in NEVER_OVERRIDDEN for reason in reasons)


def standing_override(
    overrides: Iterable[Override], equipment: EquipmentModel, task: str, on: dt.date, known_at: dt.datetime
) -> Override | None:
    """Return the override that bears on the question, the longest if there are several."""
    bearing = [each for each in overrides if each.bears_on(equipment, task, on, known_at)]
    return max(bearing, key=lambda each: (each.ends_on, each.key), default=None)


def overridden(override: Override) -> Reason:
    """Return why the work is allowed all the same."""
    facts = {"name": override.approver, "day": day_text(override.ends_on), "reason": override.reason}
    message = _("Overridden by %(name)s until %(day)s: %(reason)s") % facts
    params = {
        "override": override.key,
        "approver": override.approver,
        "reason": override.reason,
        "valid_to": override.ends_on.isoformat(),
    }
    return Reason(ReasonCode.OVERRIDDEN.value, message, met=True, params=params)
