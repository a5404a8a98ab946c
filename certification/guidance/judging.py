"""What guidance says about one question: allowed only together with a named person."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.models import Scheme
from certification.requirements.base import day_text
from certification.requirements.guidances import Guided
from portal.registry.duty import Reason


def standing_guidances(
    guidances: Iterable[Guided], schemes: Collection[Scheme], on: dt.date, known_at: dt.datetime
) -> list[Guided]:
    """Return the guidances for one of these schemes that stand that day, the longest first."""
    keys = {scheme.pk for scheme in schemes}
    found = [each for each in guidances if each.scheme in keys and each.counts_on(on, known_at)]
    return sorted(found, key=lambda each: (each.last_day(known_at), each.key), reverse=True)


def only_under(guidance: Guided, known_at: dt.datetime) -> Reason:
    """Return that the work is allowed together with the guide, never alone."""
    last = guidance.last_day(known_at)
    facts = {"guide": guidance.guide_name, "day": day_text(last), "limits": guidance.limits}
    message = _("Allowed only under %(guide)s, until %(day)s") % facts
    if guidance.limits:
        message = _("Allowed only under %(guide)s, until %(day)s; %(limits)s") % facts
    params = {
        "guidance": guidance.key,
        "guide": guidance.guide,
        "guide_name": guidance.guide_name,
        "limits": guidance.limits,
        "valid_to": last.isoformat(),
    }
    return Reason(ReasonCode.UNDER_GUIDANCE.value, message, met=True, params=params)


def guide_refused(guidance: Guided) -> Reason:
    """Return that who guides may not do the work that day."""
    message = _("%(guide)s, who guides, may not do this work that day") % {"guide": guidance.guide_name}
    params = {"guidance": guidance.key, "guide": guidance.guide}
    return Reason(ReasonCode.GUIDE_NOT_QUALIFIED.value, message, params=params)
