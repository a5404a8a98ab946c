"""Numbers that do not exist: noted, and whoever tries many is slowed down, whatever door they try."""

import structlog
from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from portal.access.rate_limits import limit

logger = structlog.get_logger("certification.verify")
MISSES = "20/h"


def note_miss(request: HttpRequest, number: str) -> None:
    """Log a number that does not exist, and slow down whoever tries many.

    Raises:
        TooManyRequests: too many numbers that do not exist came from this address.
    """
    logger.warning("unknown_certificate", tried=number[:80], address=get_adapter(request).get_client_ip(request))
    limit(request, "verify-miss", MISSES)
