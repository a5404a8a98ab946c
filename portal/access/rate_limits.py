"""Rate limits of pages and of the API, counted per client address or per person (django-ninja's throttles).

Sign-in has django-allauth's own limits, which count failures rather than requests.
"""

from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.throttling import SimpleRateThrottle

from portal.errors import DomainError


class TooManyRequests(DomainError):
    """More requests from one client address than a public page allows."""

    code = "too_many_requests"
    status = 429
    message = _("Too many requests from your address. Wait a minute and try again.")


class AddressLimit(SimpleRateThrottle):
    """Requests of readers who are not signed in, per client address.

    Counted in the local cache: an anonymous search writes nothing to the database.

    Args:
        rate: such as ``120/m``.
        scope: what is counted together.
    """

    cache = caches["local"]

    def __init__(self, rate: str, scope: str = "anonymous") -> None:
        super().__init__(rate)
        self.scope = scope

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Count by the address that the limits of sign-in count by; Ninja's own believes any ``X-Forwarded-For``."""
        return None if request.user.is_authenticated else self.key_of_address(request)

    def key_of_address(self, request: HttpRequest) -> str:
        """Return the cache key of the client address."""
        return self.cache_format % {"scope": self.scope, "ident": get_adapter(request).get_client_ip(request)}


class PersonLimit(AddressLimit):
    """Requests of a signed-in person, whatever the address; arguments as for :class:`AddressLimit`."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Count by person."""
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": f"{self.scope}-person", "ident": request.user.pk}


class SharedAddressLimit(AddressLimit):
    """Requests per client address, signed in or not, counted over all processes: for pages where one could guess."""

    cache = caches["default"]

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Count by address."""
        return self.key_of_address(request)


class _NamedLimit(SharedAddressLimit):
    """Acts of one person, who is part of the scope."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Count by the scope alone."""
        return self.cache_format % {"scope": self.scope, "ident": "-"}


def limit(request: HttpRequest, scope: str, rate: str) -> None:
    """Count one request of this address.

    Args:
        scope: what is counted together, e.g. ``verify``.
        rate: such as ``30/m``.

    Raises:
        TooManyRequests: the rate is exceeded.
    """
    if not SharedAddressLimit(rate, scope).allow_request(request):
        raise TooManyRequests


def limit_whom(scope: str, rate: str, whom: str) -> None:
    """Count one act of somebody, whatever their address: a class of forty shares the address of its room.

    Args:
        whom: what names them, e.g. ``session 7: 田小军``.

    Raises:
        TooManyRequests: the rate is exceeded.
    """
    if not _NamedLimit(rate, f"{scope}-{sha256(whom.encode()).hexdigest()}").allow_request(HttpRequest()):
        raise TooManyRequests
