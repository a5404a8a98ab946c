"""The one door through which the portal tells people something: by letter, in the portal, in a group chat."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.models import (
    ChatRobot,
    NoticeChoice,
    Organisation,
    Person,
    PortalNotice,
    PortalSettings,
    RobotMessage,
)
from portal.operations.letters import send_once
from portal.registry.notices import group_text_of

#: Characters of a letter that stand in the list of notices.
BODY_LENGTH = 600
TITLE_LENGTH = 200


def tell(
    person: Person, letter: EmailMessage, key: uuid.UUID, *, kind: str, path: str = "", noted: str | None = None
) -> bool:
    """Tell somebody something once, by the channels they chose; return whether it reached at least one.

    Where none of them carries it (no address, no robot, a mail server that takes it no more), it stands in the portal.

    Args:
        letter: what the mail says; its subject and text are the notice in the portal. Its receiver is set here.
        key: told under this key before, it is not told again by the same channel.
        kind: of ``portal.registry.notices``.
        path: of this portal, where one reads on.
        noted: what stands in the portal instead of the text of the letter: a secret link is not kept there.
    """
    if not person.is_active:
        return False
    choice = NoticeChoice.objects.filter(person=person, kind=kind).first() or NoticeChoice(person=person, kind=kind)
    # A group reads no more than that there is something: what it is has to stand in the portal.
    is_called = choice.by_robot and _by_robot(person, key, kind)
    told = (choice.in_portal or is_called) and note_in_portal(person, letter, key, kind, path, noted)
    if choice.by_mail and person.email:
        letter.to = letter.to or [person.email]
        told = send_once(letter, key) or told
    return told or note_in_portal(person, letter, key, kind, path, noted)


@transaction.atomic
def note_in_portal(
    person: Person, letter: EmailMessage, key: uuid.UUID, kind: str, path: str, noted: str | None = None
) -> bool:
    """Put something into the list of notices of a person, once; the number beside their name grows."""
    facts = {
        "person": person,
        "kind": kind,
        "title": letter.subject[:TITLE_LENGTH],
        "body": (letter.body if noted is None else noted).strip()[:BODY_LENGTH],
        "path": path,
    }
    _notice, is_new = PortalNotice.objects.get_or_create(key=key, defaults=facts)
    if is_new:
        Person.objects.filter(pk=person.pk).update(unread_notices=F("unread_notices") + 1)
    return True


def _by_robot(person: Person, key: uuid.UUID, kind: str) -> bool:
    """Let the robot of the nearest branch call somebody; the others of the group read no more than the kind."""
    robot = robot_of(person)
    if robot is None:
        return False
    text = f"@{person.name} {group_text_of(kind)}"[:TITLE_LENGTH]
    RobotMessage.objects.get_or_create(key=key, defaults={"robot": robot, "text": text})
    return True


def robot_of(person: Person) -> ChatRobot | None:
    """Return the robot of the nearest branch at or above the person's places; None where there is none."""
    paths = {
        Organisation._get_basepath(place.path, depth) for place in person.places for depth in range(1, place.depth + 1)
    }
    robots = ChatRobot.objects.filter(organisation__path__in=paths, is_active=True)
    return robots.order_by("-organisation__depth", "pk").first()


@transaction.atomic
def mark_read(person: Person, notice: PortalNotice | None = None) -> int:
    """Mark one notice of a person, or all, as read; return how many were unread."""
    # Locked, so that the number beside the name stays that of the unread notices.
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    unread = PortalNotice.objects.filter(person=person, read_at=None)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    read = unread.update(read_at=timezone.now())
    left = PortalNotice.objects.filter(person=person, read_at=None).count()
    Person.objects.filter(pk=person.pk).update(unread_notices=left)
    person.unread_notices = left
    return read


def notices_term() -> dt.timedelta:
    """Return how long notices and messages of robots are kept as long as nobody approved another term."""
    return dt.timedelta(days=PortalSettings.load().notices_kept_days)


def forget_notices(keys: Collection[int]) -> None:
    """Delete notices; the number beside the name stays that of the unread ones."""
    old = PortalNotice.objects.filter(pk__in=keys)
    for person in Person.objects.filter(pk__in=old.order_by().values("person")).only("pk").order_by("pk"):
        with transaction.atomic():
            Person.objects.select_for_update().only("pk").get(pk=person.pk)
            old.filter(person=person).delete()
            left = PortalNotice.objects.filter(person=person, read_at=None).count()
            Person.objects.filter(pk=person.pk).update(unread_notices=left)
