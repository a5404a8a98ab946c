"""By when a tier has to act on a case."""

import datetime as dt

from django.utils import timezone

from kb.enums import Severity
from kb.models import CaseTerm
from portal.models import Organisation

#: Hours where the organisation has set no term.
HOURS = {Severity.DANGER: 4, Severity.STOP: 24, Severity.DEGRADED: 72, Severity.MINOR: 168}


def due_at(severity: str, holder: Organisation) -> dt.datetime:
    """Return by when ``holder`` has to act on a case of a severity it gets now."""
    own = CaseTerm.objects.filter(severity=severity, tier=holder.tier).values_list("hours", flat=True).first()
    return timezone.now() + dt.timedelta(hours=own or HOURS[Severity(severity)])
