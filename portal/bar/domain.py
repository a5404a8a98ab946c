"""Confirm changes of the bar. To refuse one is to change it back, where it was changed."""

from typing import Any

from django.db import transaction

from portal.access import audit
from portal.bar.errors import BarChangeSettled, OwnBarChange
from portal.bar.queries import changes_in_sight, may_confirm
from portal.enums import BarOutcome
from portal.errors import NotAllowed
from portal.models import BarChange, BarDecision
from portal.models.bar import changes_settled


@transaction.atomic
def confirm_change(by: Any, change: BarChange) -> BarDecision:
    """Say that a change of somebody else is right: from now on it counts for its author too. Twice is once.

    Raises:
        NotAllowed: not entitled to, or the change is out of sight.
        OwnBarChange: ``by`` made it.
        BarChangeSettled: somebody else confirmed it, or it was changed back.
    """
    # Two who confirm at once wait for each other here.
    change = BarChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if not may_confirm(by) or not changes_in_sight(by).filter(pk=change.pk).exists():
        raise NotAllowed
    if change.changed_by_id == by.pk:
        raise OwnBarChange
    done = BarDecision.objects.filter(change=change).first()
    if done is not None:
        if done.outcome == BarOutcome.CONFIRMED and done.decided_by_id == by.pk:
            return done
        raise BarChangeSettled
    if change.changed_by_id is None:
        raise BarChangeSettled
    decision = BarDecision.objects.create(change=change, outcome=BarOutcome.CONFIRMED, decided_by=by)
    about = f"{change.record_label}:{change.record_id}"
    audit.record("portal.bar_confirmed", change, actor=by, about=about, record=change.record, field=change.field)
    changes_settled.send(BarChange, author=change.changed_by)
    return decision
