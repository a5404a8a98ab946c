"""Ask holders for what the verdict on a revised manual says, and take their word that they have read it."""

import datetime as dt
import uuid
from functools import partial

from django.db import transaction
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.models import ManualReading, ReadingConfirmation, ReadingDue, Scheme
from certification.revisions.errors import NothingToRead
from certification.revisions.queries import holders_of, touched_schemes
from certification.revisions.short_quizzes import carry_over, make_quiz
from certification.revisions.tasks import send_reading_letter, tell_superiors
from kb.enums import VerdictKind
from kb.manuals.domain import current_edition
from kb.models import EditionVerdict, ManualEdition
from portal.access import audit
from portal.models import Person


@transaction.atomic
def ask_holders(verdict: EditionVerdict) -> list[ReadingDue]:
    """Record who owes what the verdict asks for, each person by each qualification held, and write to them.

    Superiors and trainers are told whom of theirs it touches. An editorial verdict asks nobody. A second call records
    nobody twice.

    Raises:
        TooFewToAsk, NobodyAnswers: the short quiz cannot be made.
    """
    carry_over(verdict)
    if verdict.kind == VerdictKind.EDITORIAL:
        return []
    if verdict.kind == VerdictKind.SHORT_QUIZ and not hasattr(verdict, "quiz"):
        make_quiz(verdict)
    holders = holders_of(touched_schemes(verdict.subject), verdict.subject.audience)
    known = set(ReadingDue.objects.filter(verdict=verdict).values_list("person", "scheme"))
    made = [
        ReadingDue(person_id=person, scheme_id=scheme, verdict=verdict, recorded_at=verdict.recorded_at)
        for scheme, people in holders.items()
        for person in people
        if (person, scheme) not in known
    ]
    dues = ReadingDue.objects.bulk_create(made, batch_size=500)
    for pk in sorted({due.person_id for due in dues}):
        transaction.on_commit(partial(send_reading_letter.enqueue, verdict.pk, pk))
    if dues:
        transaction.on_commit(partial(tell_superiors.enqueue, verdict.pk))
    return dues


@transaction.atomic
def confirm_manual(
    edition: ManualEdition, *, person: Person, form_key: uuid.UUID, at: dt.datetime | None = None
) -> ManualReading:
    """Record that ``person`` has read an edition a scheme asks for; what it was missing for is granted.

    A second post of the form returns the first record.

    Raises:
        NothingToRead: no scheme in force asks for the manual, or another edition is current.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    said = ManualReading.objects.filter(form_key=form_key, person=person).first()
    if said is not None:
        return said
    asked = Scheme.objects.in_force().filter(requirements__manual=edition.manual).exists()
    if not asked or current_edition(edition.manual) != edition:
        raise NothingToRead
    at = at or timezone.now()
    said = ManualReading.objects.create(person=person, edition=edition, form_key=form_key, confirmed_at=at)
    audit.record("certification.manual_read", said, actor=person, edition=str(edition))
    award_after(person, manual=edition.manual, at=at)
    return said


@transaction.atomic
def confirm_reading(verdict: EditionVerdict, *, person: Person) -> ReadingConfirmation:
    """Record that ``person`` has read the edition; a second word returns the first one.

    Raises:
        NothingToRead: the person was not asked to, or more than reading is asked for.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    asked = ReadingDue.objects.filter(person=person, verdict=verdict, verdict__kind=VerdictKind.MUST_READ)
    if not asked.exists():
        raise NothingToRead
    said = ReadingConfirmation.objects.filter(person=person, verdict=verdict).first()
    if said is not None:
        return said
    said = ReadingConfirmation.objects.create(person=person, verdict=verdict)
    audit.record("certification.reading_confirmed", said, actor=person, edition=verdict.called)
    return said
