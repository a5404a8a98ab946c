"""Template filters for durations, telephone numbers and days."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

register = template.Library()

#: Minutes of a lesson (学时).
LESSON_MINUTES = 45


@register.filter
def hours(minutes: Any) -> str:
    """Write minutes as hours: 480 → 8 小时, 90 → 1 小时 30 分钟, 45 → 45 分钟, -60 → −1 小时; nothing for None."""
    if minutes in (None, ""):
        return ""
    if int(minutes) < 0:
        return f"−{hours(-int(minutes))}"
    whole, rest = divmod(int(minutes), 60)
    if whole and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": whole, "minutes": rest}
    if whole or not rest:
        return _("%(hours)d h") % {"hours": whole}
    return _("%(minutes)d min") % {"minutes": rest}


@register.filter
def lesson_hours(minutes: Any) -> str:
    """Write minutes as lessons of 45 minutes (学时): 90 → 2 学时, 60 → 1.3 学时; nothing for None."""
    if minutes in (None, ""):
        return ""
    return _("%(count)s lessons") % {"count": f"{lessons(minutes):f}".removesuffix(".0")}


def lessons(minutes: Any) -> Decimal:
    """Return minutes as lessons of 45 minutes, to one decimal place."""
    return (Decimal(int(minutes)) / LESSON_MINUTES).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@register.filter
def masked_mobile(number: Any) -> str:
    """Write a telephone number for those who need not dial it: 138****0001; nothing for a short one."""
    text = str(number or "")
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 8 else ""


@register.filter
def org_day(moment: Any) -> str:
    """Write a moment or a day as a day in the organisation's zone: 2026年3月18日."""
    if not moment:
        return ""
    if isinstance(moment, dt.datetime):
        moment = timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
    return formats.date_format(moment, "DATE_FORMAT")


@register.filter
def org_moment(moment: Any) -> str:
    """Write a moment in the organisation's zone, with the time: 2026年3月18日 08:30; nothing for None."""
    return f"{org_day(moment)} {timezone.localtime(moment):%H:%M}" if moment else ""
