"""The secret links under which a customer's contact names people without an account."""

from django.urls import reverse

from courses.models import TrainingRequest
from courses.sessions.events import absolute
from portal.enums import TokenPurpose
from portal.models import AccessToken


def subject_of(request: TrainingRequest) -> str:
    """Return the subject of the links that belong to a request."""
    return f"request:{request.pk}"


def live_links(request: TrainingRequest) -> list[AccessToken]:
    """Return the links that open the list of names now, the newest first."""
    links = AccessToken.objects.filter(
        purpose=TokenPurpose.NOMINATION, subject=subject_of(request), revoked_at__isnull=True
    )
    return list(links.order_by("-pk"))


def request_of(secret: str) -> TrainingRequest | None:
    """Return the request a secret belongs to; None for a wrong or revoked one."""
    token = AccessToken.objects.find(TokenPurpose.NOMINATION, secret)
    if token is None:
        return None
    number = token.subject.partition(":")[2]
    found = TrainingRequest.objects.select_related("organisation", "session__trainer").prefetch_related("modules")
    return found.filter(pk=number).first()


def address_of(token: AccessToken) -> str:
    """Return the public address of a link."""
    return absolute(reverse("courses:naming", args=[token.secret]))
