"""How often somebody may knock at a public door."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class TooManyRequests(DomainError):
    """Somebody is trying numbers."""

    code = "too_many_requests"
    status = 429
    message = _("Too many requests from your address. Wait a minute and try again.")


def limit(request: HttpRequest, door: str, per_minute: int) -> None:
    """Count one knock of this address at ``door``.

    Raises:
        TooManyRequests: from the one after ``per_minute`` within a minute on.
    """
    address = get_adapter(request).get_client_ip(request)
    key = f"limit:{door}:{address}:{int(time.time()) // 60}"
    cache.add(key, 0, 120)
    if cache.incr(key) > per_minute:
        raise TooManyRequests
