"""Ask holders for what the verdict on a revised manual says, and take their word that they have read it."""

from functools import partial

from django.db import transaction

from certification.models import ReadingConfirmation, ReadingDue
from certification.revisions.errors import NothingToRead
from certification.revisions.queries import holders_of, touched_schemes
from certification.revisions.short_quizzes import carry_over, make_quiz
from certification.revisions.tasks import send_reading_letter, tell_superiors
from kb.enums import VerdictKind
from kb.models import EditionVerdict
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
    holders = holders_of(touched_schemes(verdict.edition.manual))
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
    audit.record("certification.reading_confirmed", said, actor=person, edition=str(verdict.edition))
    return said
