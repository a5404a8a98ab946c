"""Whom a revision touches, and what somebody still has to read."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import EntryLike, standing_under
from certification.models import LedgerEntry, QuestionVersion, ReadingDue, Scheme
from certification.requirements.evidence import entries_of, evidence_of
from certification.requirements.readings import of_verdict
from certification.schemes.reach import reaches_equipment, touches_category
from kb.enums import VerdictKind
from kb.manuals.changes import changed_chapters
from kb.models import EditionVerdict
from portal.access.together import Columns
from portal.audiences import who_open
from portal.models import EquipmentModel, Person
from portal.registry.revisions import Asking, Touched

# Who holds, will hold or gets back a qualification works by the manual once more.
# Questions a short quiz needs for each one it shows.
BREADTH = 2
TOUCHED = frozenset({Standing.VALID, Standing.EXPIRING, Standing.GRACE, Standing.SUSPENDED, Standing.NOT_YET})


def touched_schemes(subject: Any) -> list[Scheme]:
    """Return the schemes in force that open work on the machines of a manual, an article or a guide.

    On its category where it names none.
    """
    models = list(subject.equipment.select_related("category"))
    schemes = Scheme.objects.in_force().openers().filter(scopes__isnull=False).distinct().with_reach()
    return [
        scheme
        for scheme in schemes.order_by("code")
        if any(reaches_equipment(scheme, model) for model in models)
        or (not models and touches_category(scheme, subject.category))
    ]


def holders_of(schemes: Iterable[Scheme], audience: str) -> dict[int, list[int]]:
    """Return the people who hold each scheme today, in its days of grace too, or will, by its key: two queries.

    Args:
        audience: of what is to be read: who may not open it is not asked.
    """
    today, listed = timezone.localdate(), {scheme.pk: scheme for scheme in schemes}
    first = today - dt.timedelta(days=max((scheme.grace_days for scheme in listed.values()), default=0))
    lasting = LedgerEntry.objects.filter(scheme__in=listed, valid_to__gte=first).values("person")
    able = who_open(Person.objects.filter(pk__in=lasting, is_active=True), audience)
    people = list(able.order_by("pk").values_list("pk", flat=True))
    entries = entries_of(people, list(listed))
    return {
        key: [pk for pk in people if key in entries[pk] and _is_touched(scheme, entries[pk][key], today)]
        for key, scheme in listed.items()
    }


def _is_touched(scheme: Scheme, entries: Iterable[EntryLike], today: dt.date) -> bool:
    return standing_under(scheme, entries, today).standing in TOUCHED


def count_touched(subject: Any) -> list[Touched]:
    """Count the holders a revision of ``subject`` touches, by scheme (for ``portal.registry.revisions``)."""
    schemes = touched_schemes(subject)
    holders = holders_of(schemes, subject.audience)
    return [Touched(scheme.name, len(holders[scheme.pk])) for scheme in schemes]


def readings_of(person: Person) -> QuerySet[EditionVerdict]:
    """Return the verdicts that ask ``person`` for something, the most urgent first; ``is_confirmed``: it is done.

    Done is what the duty check says is done, of every qualification the verdict asks about.
    """
    now = timezone.now()
    today, evidence = timezone.localdate(now), evidence_of([person.pk])[person.pk]
    owed = {
        reading.verdict
        for scheme, readings in evidence.readings.items()
        for reading in readings
        if not reading.is_done(today, now, evidence.entries.get(scheme, ()))
    }
    asked = EditionVerdict.objects.filter(Q(pk__in=person.readings_due.order_by().values("verdict")))
    is_confirmed = Case(When(pk__in=owed, then=Value(False)), default=Value(True))
    found = asked.select_related("edition__manual", "replaces__manual", "article", "guide")
    found = found.annotate(is_confirmed=is_confirmed)
    return found.order_by("grace_until", "pk")


@dataclass(frozen=True)
class Revisions:
    """The verdicts that asked somebody for something, with what their manuals are about."""

    verdicts: list[list[Any]]

    @property
    def machines(self) -> set[int]:
        """The models manuals name: they are judged apart from others of their category."""
        return {key for _verdict, machines, _path in self.verdicts for key in machines}

    def about(self, model: EquipmentModel) -> frozenset[int]:
        """Return the verdicts that bear on the machine."""
        path = model.category.path
        return frozenset(
            verdict
            for verdict, machines, category in self.verdicts
            if (model.pk in machines if machines else path.startswith(category))
        )


def verdicts_asking() -> Columns:
    """Return what :class:`Revisions` is made of, to be read together with other lists."""
    dues = ReadingDue.objects.filter(verdict=OuterRef("pk"))
    asking = EditionVerdict.objects.exclude(kind=VerdictKind.EDITORIAL).filter(Exists(dues))
    return Columns(asking.order_by("pk"), ["pk", "machines", of_verdict("category__path")])


def questions_on(chapters: Collection[int]) -> QuerySet[QuestionVersion]:
    """Return the questions in use that cite one of ``chapters``, those held back for review too."""
    return QuestionVersion.objects.filter(is_current=True, question__is_active=True, chapter__in=chapters)


def widest_bank(chapters: Collection[int]) -> tuple[int | None, str, int]:
    """Return the bank with the most questions on ``chapters``: its key, its name and how many there are."""
    banks = questions_on(chapters).order_by().values_list("question__bank", "question__bank__name")
    counted = banks.annotate(number=Count("pk")).order_by("-number", "question__bank").first()
    return counted or (None, "", 0)


def find_questions(old: Any, new: Any) -> Asking:
    """Say what there is to ask about the differences of two editions (for ``portal.registry.revisions``)."""
    bank, name, count = widest_bank(changed_chapters(old, new))
    filters = f"?bank={bank}" if bank else ""
    return Asking(count, count // BREADTH, name, f"{reverse('question:index')}{filters}")
