"""Create, find and revoke secret links to calendar feeds."""

from django.db import transaction

from courses.calendars.errors import NotYourFeed
from courses.calendars.feeds import FeedSubject, live_tokens, may_subscribe
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.enums import TokenPurpose
from portal.models import AccessToken, Person


@transaction.atomic
def open_feed(person: Person, subject: FeedSubject) -> AccessToken:
    """Return the person's working link to this calendar, making one if there is none.

    Raises:
        NotYourFeed: the person may not see this calendar.
    """
    # Locked, so that two taps make one link.
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not may_subscribe(person, subject):
        raise NotYourFeed
    token = live_tokens(person).filter(subject=str(subject)).first()
    if token is None:
        token = AccessToken.objects.mint(TokenPurpose.CALENDAR, str(subject), person=person)
        audit.record("courses.feed_opened", token, actor=person, changes=added(token))
    return token


@transaction.atomic
def revoke_feed(token: AccessToken, *, by: Person) -> AccessToken:
    """End a link: every calendar subscribed to it gets 404 from now on. Revoking twice changes nothing.

    Raises:
        NotYourFeed: the link is somebody else's.
    """
    token = AccessToken.objects.select_for_update().get(pk=token.pk)
    if token.purpose != TokenPurpose.CALENDAR or token.person_id != by.pk:
        raise NotYourFeed
    if token.revoked_at is None:
        before = snapshot(token)
        token.revoke()
        audit.record("courses.feed_revoked", token, actor=by, changes=since(before, token))
    return token
