"""The secret link under which somebody takes or declines a seat offered to them."""

from django.urls import reverse

from courses.models import Enrolment
from courses.sessions.events import absolute
from portal.enums import TokenPurpose
from portal.models import AccessToken


def subject_of(enrolment: Enrolment) -> str:
    """Return the subject of the links that belong to a place."""
    return f"enrolment:{enrolment.pk}"


def offer_link(enrolment: Enrolment) -> str:
    """Return the public address of the link of an offer, made where there is none."""
    token = AccessToken.objects.current(TokenPurpose.OFFER, subject_of(enrolment), person=enrolment.person)
    return absolute(reverse("courses:offer", args=[token.secret]))


def revoke_links(enrolment: Enrolment) -> None:
    """End all links of a place: what was offered is taken, declined or over."""
    for token in AccessToken.objects.filter(
        purpose=TokenPurpose.OFFER, subject=subject_of(enrolment), revoked_at__isnull=True
    ):
        token.revoke()


def enrolment_of(secret: str) -> Enrolment | None:
    """Return the place a secret belongs to; None for a wrong or revoked one."""
    token = AccessToken.objects.find(TokenPurpose.OFFER, secret)
    if token is None:
        return None
    number = token.subject.partition(":")[2]
    found = Enrolment.objects.select_related("person", "session__trainer", "session__organisation")
    return found.filter(pk=number, person=token.person).first()
