"""Quizzes under supervision: an assessor on the spot opens a sitting and tells its code."""

import datetime as dt
import hashlib
import hmac
import uuid
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from certification.errors import ActKeyTaken
from certification.models import Quiz, Sitting
from certification.permissions import is_assessor
from certification.quizzes.errors import WrongCode
from portal.access import audit
from portal.errors import NotAllowed
from portal.models import Person

# Read out and typed: no 0 and O, no 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
LONGEST = dt.timedelta(hours=4)


class Opened(NamedTuple):
    """A sitting and its code, which is shown once and kept as a keyed hash only."""

    sitting: Sitting
    code: str


@transaction.atomic
def open_sitting(
    quiz: Quiz, *, by: Person, place: str, minutes: int, form_key: uuid.UUID, at: dt.datetime | None = None
) -> Opened:
    """Open a sitting: for so many minutes attempts may be started with its code. Once a ``form_key``.

    The code follows from the key of the form, so a second post shows the same one.

    Args:
        minutes: how long one may start; four hours at most.

    Raises:
        NotAllowed: ``by`` is no assessor.
        ActKeyTaken: the key belongs to another sitting.
    """
    if not is_assessor(by):
        raise NotAllowed
    at = at or timezone.now()
    code = _code(form_key)
    sitting, made = Sitting.objects.get_or_create(
        form_key=form_key,
        defaults={
            "quiz": quiz,
            "place": place.strip(),
            "code_hash": _hash(quiz, code),
            "opened_by": by,
            "opened_at": at,
            "closes_at": at + min(dt.timedelta(minutes=minutes), LONGEST),
        },
    )
    if made:
        audit.record("certification.sitting_opened", sitting, actor=by, quiz=quiz.code, place=sitting.place)
    elif (sitting.quiz_id, sitting.opened_by_id) != (quiz.pk, by.pk):
        raise ActKeyTaken
    return Opened(sitting, code)


def sitting_of(quiz: Quiz, code: str, person: Person, at: dt.datetime | None = None) -> Sitting:
    """Return the open sitting with this code.

    Raises:
        WrongCode: there is none, or the person opened it themselves.
    """
    typed = "".join(code.upper().split()).replace("-", "")
    found = Sitting.objects.filter(quiz=quiz, code_hash=_hash(quiz, typed)).first()
    if not is_open(found, quiz, person, at or timezone.now()) or found is None:
        raise WrongCode
    return found


def is_open(sitting: Sitting | None, quiz: Quiz, person: Person, at: dt.datetime) -> bool:
    """Whether the person may start this quiz in the sitting now; nobody supervises themselves."""
    return (
        sitting is not None
        and sitting.quiz_id == quiz.pk
        and sitting.opened_by_id != person.pk
        and sitting.opened_at <= at < sitting.closes_at
    )


def _code(form_key: uuid.UUID) -> str:
    """Return the code of a sitting: a keyed hash of its form's key, which nobody can work out without the portal's."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"sitting:" + form_key.bytes, hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_LENGTH])


def _hash(quiz: Quiz, code: str) -> str:
    """Return what is kept of a code: 31^6 codes are too few for a bare hash."""
    return hmac.new(settings.SECRET_KEY.encode(), f"sitting:{quiz.pk}:{code}".encode(), hashlib.sha256).hexdigest()
