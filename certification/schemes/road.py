"""The road of a scheme: what is shown one after the other, where and when, until the qualification is renewed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.ledger.standing import StandingOn
from certification.models import Scheme
from certification.requirements.base import day_text
from certification.requirements.hints import Step
from certification.requirements.reasons import is_in_house, kind_of
from portal.registry.duty import Reason
from portal.ui.charts import Stop


def road_of(
    scheme: Scheme,
    where: StandingOn,
    reasons: Sequence[Reason],
    steps: Sequence[Step],
    *,
    on: dt.date,
    renewed_from: int,
) -> list[Stop]:
    """Return the stops for one person, the next one marked.

    Somebody who holds it stands at the certificate; what is shown anew comes after the day from which it counts.

    Args:
        steps: one for each of ``reasons``, see ``certification.requirements.hints.steps_of``.
        renewed_from: how many days before its last one it may be renewed.
    """
    shown = [
        Stop(step.title, step.detail, step.state)
        for reason, step in zip(reasons, steps, strict=True)
        if is_in_house(reason) or kind_of(reason) is None
    ]
    if not where.counts:
        return [*shown, _certificate(scheme), _renewal(renewed_from)]
    opens = _opens(where, renewed_from, on)
    if opens.state != "done":
        # Nothing is next before the round opens, though it may be shown already.
        shown = [replace(stop, state="missing") if stop.state == "next" else stop for stop in shown]
    return [_held(where), opens, *shown, _last(scheme, where)]


def _certificate(scheme: Scheme) -> Stop:
    months = scheme.valid_months
    text = ngettext("valid for %(months)d month", "valid for %(months)d months", months) % {"months": months}
    return Stop(_("Certificate"), text)


def _renewal(days: int) -> Stop:
    text = ngettext("from %(days)d day before the last one", "from %(days)d days before the last one", days)
    return Stop(_("Renewal"), text % {"days": days})


def _held(where: StandingOn) -> Stop:
    since = day_text(where.since)
    return Stop(_("Certificate"), _("since %(day)s") % {"day": since}, "done")


def _opens(where: StandingOn, days: int, on: dt.date) -> Stop:
    """Return when the renewal round opens; done once the days run."""
    if where.valid_to is None:
        return Stop(_("Renewal opens"))
    opens = where.valid_to - dt.timedelta(days=days - 1)
    return Stop(_("Renewal opens"), day_text(opens), "done" if opens <= on else "missing")


def _last(scheme: Scheme, where: StandingOn) -> Stop:
    if where.valid_to is None or not scheme.grace_days:
        return Stop(_("Ends on"), day_text(where.valid_to))
    facts = {"day": day_text(where.valid_to), "until": day_text(where.valid_to + dt.timedelta(days=scheme.grace_days))}
    return Stop(_("Ends on"), _("%(day)s, in grace until %(until)s") % facts)
