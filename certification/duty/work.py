"""What schemes open, judged by the gate: a task on a machine or a post, asked once for all the gate judges alike.

Machines are alike for a task when the same schemes and conditions reach them, the same cards are demanded and the same
revised manuals are about them, so that a page judges a few questions a person, not one a machine.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certification.duty.own_changes import moved_by
from certification.ledger.standing import EntryLike, standing
from certification.models import Scheme
from certification.models.schemes import LONGEST_GRACE
from certification.revisions.queries import Revisions, verdicts_asking
from certification.schemes.queries import SchemesInForce, schemes_in_force
from certification.schemes.reach import join
from certification.statutory.cards import cards_needed_for
from portal.access.once import once
from portal.access.together import together
from portal.enums import Task
from portal.equipment.statutory import known_rules, ordered_rules
from portal.models import EquipmentModel, Person, Position, StatutoryRule
from portal.registry.duty import DutyAnswer, DutyQuestion, Gate, ask_many

# Machines named in a sentence.
NAMED = 3


@dataclass(frozen=True)
class Work:
    """Work the gate judges alike: a task on machines, or a post.

    Args:
        openers: keys of the schemes that open it, any one of them for machines.
        models: the machines, the first one stands for all; none for a post.
    """

    openers: frozenset[int]
    task: Task | None = None
    models: tuple[EquipmentModel, ...] = ()
    position: Position | None = None

    @property
    def machine_words(self) -> str:
        """The machines by name, a few of them."""
        names = join(model.name for model in self.models[:NAMED])
        return names if len(self.models) <= NAMED else _("%(machines)s and others") % {"machines": names}

    def question(self, person: Person, on: dt.date, known_at: dt.datetime) -> DutyQuestion:
        """Return the question that answers for all of it."""
        if self.position is not None:
            return DutyQuestion(person, on, known_at, position=self.position)
        return DutyQuestion(person, on, known_at, equipment=self.models[0], task=self.task)


@dataclass(frozen=True)
class Judged:
    """Work and the gate's answer for one person."""

    work: Work
    answer: DutyAnswer


@dataclass(frozen=True)
class Verdict:
    """What the gate says of all the work one scheme opens, to somebody who holds it."""

    judged: Sequence[Judged] = ()

    @property
    def refused(self) -> list[Judged]:
        """The work that is refused."""
        return [each for each in self.judged if not each.answer.allowed]

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it is allowed."""
        return bool(self.judged) and len(self.refused) == len(self.judged)

    @property
    def is_overridden(self) -> bool:
        """Whether some of it is allowed only because somebody answers for it."""
        return any(each.answer.is_overridden for each in self.judged)

    @property
    def is_restricted(self) -> bool:
        """Whether some of it is allowed and some refused."""
        return bool(self.refused) and not self.is_refused

    @property
    def messages(self) -> list[str]:
        """Why, each reason once; where only some of the work is refused, which comes first."""
        said: dict[str, None] = {}
        for each in self.refused:
            about = _("%(work)s: ") % {"work": self._work_words(each.work)} if self.is_restricted else ""
            said |= dict.fromkeys(f"{about}{reason.message}" for reason in each.answer.reasons)
        return list(said)

    def _work_words(self, work: Work) -> str:
        """Write the task, with the machines where others of the scheme are allowed for the same task."""
        if work.task is None:
            return str(work.position)
        same = {each.answer.allowed for each in self.judged if each.work.task == work.task}
        return str(work.task.label) if len(same) == 1 else f"{work.task.label} {work.machine_words}"


def opened_work(models: Iterable[EquipmentModel] | None = None, *, with_posts: bool = True) -> list[Work]:
    """Return the work schemes in force open, in a fixed number of queries.

    Args:
        models: on these machines only, with their categories loaded; None takes every machine and the posts.
        with_posts: whether posts are wanted beside every machine.
    """
    schemes = schemes_in_force()
    wanted: dict[str, Any] = {"verdicts": verdicts_asking(), "rules": ordered_rules()}
    if models is None:
        wanted["models"] = every_machine()
        if with_posts:
            wanted["posts"] = Position.objects.filter(pk__in=_posts_opened(schemes)).order_by("pk")
    found = together(**wanted)
    rules, revisions = known_rules(found["rules"]), Revisions(found["verdicts"])
    machines = list(models) if models is not None else once("machines", lambda: found["models"])
    return [*_on_machines(schemes, machines, revisions, rules), *_posts(schemes, found.get("posts", ()))]


def every_machine() -> QuerySet[EquipmentModel]:
    """Return every machine with its category, by code."""
    return EquipmentModel.objects.select_related("category").order_by("code")


def machines_once() -> list[EquipmentModel]:
    """Return them, read once for a page."""
    return once("machines", lambda: list(every_machine()))


def _on_machines(
    schemes: SchemesInForce, models: Sequence[EquipmentModel], revisions: Revisions, rules: Iterable[StatutoryRule]
) -> list[Work]:
    singled, tells_categories = moved_by(schemes.unsettled)
    groups = _alike(schemes, models, revisions, rules)
    pairs = {(group[0], task): group for group in groups for task in Task if schemes.openers(group[0], task)}
    cards = cards_needed_for(pairs) if pairs else {}
    found: dict[tuple[object, ...], list[EquipmentModel]] = defaultdict(list)
    openers: dict[tuple[object, ...], frozenset[int]] = {}
    for (model, task), group in pairs.items():
        reaching = schemes.covering(model, task)
        needed = cards[model.pk, task]
        key = (
            task,
            frozenset(scheme.pk for scheme in reaching),
            frozenset(kind.pk for kind in needed.kinds),
            frozenset(reason.code for reason in needed.refusals),
            revisions.about(model),
            # Who moved the bar for some of them is judged by what it was for these.
            model.pk if model.pk in singled else 0,
            model.category_id if tells_categories else 0,
        )
        found[key] += group
        opening = schemes.with_above(scheme for scheme in reaching if not scheme.is_condition)
        openers[key] = frozenset(scheme.pk for scheme in opening)
    return [Work(openers[key], Task(str(key[0])), tuple(group)) for key, group in found.items()]


def _alike(
    schemes: SchemesInForce, models: Sequence[EquipmentModel], revisions: Revisions, rules: Iterable[StatutoryRule]
) -> list[list[EquipmentModel]]:
    """Return the machines no scheme and no rule tells apart in groups: those of a category that none names singly."""
    named = {row.model_id for scheme in schemes.schemes for row in scheme.scopes.all()}
    named |= {rule.model_id for rule in rules}
    named |= revisions.machines | moved_by(schemes.unsettled)[0]
    groups: dict[tuple[int, bool, int], list[EquipmentModel]] = defaultdict(list)
    for model in models:
        single = model.pk if model.pk in named else 0
        groups[model.category_id, model.is_regulated, single].append(model)
    return list(groups.values())


def _scopeless(schemes: SchemesInForce) -> set[int]:
    """Return the keys of the schemes without equipment."""
    return {scheme.pk for scheme in schemes.schemes if not scheme.is_condition and not scheme.scopes.all()}


def _posts_opened(schemes: SchemesInForce) -> set[int]:
    """Return the keys of the posts that schemes without equipment open."""
    return {key for scheme in _scopeless(schemes) for key in schemes.positions[scheme]}


def _posts(schemes: SchemesInForce, positions: Iterable[Position]) -> list[Work]:
    """Return the posts that schemes without equipment open; posts that require the same schemes are alike."""
    scopeless = _scopeless(schemes)
    found: dict[frozenset[int], Position] = {}
    for position in positions:
        found.setdefault(frozenset(scheme.pk for scheme in schemes.required(position)), position)
    return [Work(required & scopeless, position=position) for required, position in found.items()]


def may_count(entries: Iterable[EntryLike], on: dt.date, known_at: dt.datetime) -> bool:
    """Whether the gate is worth asking: it says whether days of grace run, no scheme gives more than these."""
    return standing(entries, on, known_at, grace_days=LONGEST_GRACE).counts


def standing_until(entries: Iterable[EntryLike], on: dt.date, known_at: dt.datetime) -> dt.date | None:
    """Return the last day of what stands on the day, the longest days of grace included; None where the gate need not
    be asked, see :func:`may_count`.
    """
    where = standing(entries, on, known_at, grace_days=LONGEST_GRACE)
    return (where.until or where.valid_to or dt.date.max) if where.counts else None


def judge(
    people: Iterable[Person],
    held: Mapping[int, Collection[int]],
    work: Sequence[Work],
    on: dt.date,
    known_at: dt.datetime,
) -> dict[int, list[Judged]]:
    """Ask the gate about the work that schemes people hold open, by key of the person; in a fixed number of queries.

    Nobody is allowed who holds none of the schemes that open it, so nothing else is asked.

    Args:
        held: keys of the schemes that stand on the day, by key of the person.
    """
    found: dict[int, list[Judged]] = {}
    asked: list[tuple[Work, DutyQuestion]] = []
    for person in people:
        found[person.pk] = []
        mine = frozenset(held.get(person.pk, ()))
        asked += [(each, each.question(person, on, known_at)) for each in work if each.openers & mine]
    if asked:
        answers = ask_many([question for _work, question in asked])
        for (each, question), answer in zip(asked, answers, strict=True):
            found[question.person.pk].append(Judged(each, answer))
    return found


def ask_until(
    groups: Sequence[Sequence[DutyQuestion]], enough: Callable[[DutyAnswer], bool], asking: Gate = ask_many
) -> list[list[DutyAnswer]]:
    """Ask the first question of each group, and the others of those it was not enough for; twice at most.

    Who counts is mostly known by one answer: of a hundred people and the thirty works they may do, a hundred are asked.

    Args:
        asking: answers the questions; :func:`certification.duty.counting.ask_to_count` where nothing of it is said.

    Returns:
        The answers of each group that were given, in the order of its questions.
    """
    answers = [[answer] for answer in _asked([group[0] for group in groups], asking)]
    open_groups = [at for at, group in enumerate(groups) if len(group) > 1 and not enough(answers[at][0])]
    further = iter(_asked([question for at in open_groups for question in groups[at][1:]], asking))
    for at in open_groups:
        answers[at] += islice(further, len(groups[at]) - 1)
    return answers


def _asked(questions: Sequence[DutyQuestion], asking: Gate) -> list[DutyAnswer]:
    return asking(questions) if questions else []


def verdict_on(scheme: Scheme, judged: Iterable[Judged]) -> Verdict:
    """Return what the gate says of the work ``scheme`` opens, of all that was judged for a person."""
    return Verdict([each for each in judged if scheme.pk in each.work.openers])


def lamp_of_included(verdict: Verdict) -> str:
    """Return the colour of a scheme a higher level includes: it has no standing of its own, the gate alone tells."""
    if verdict.is_refused:
        return "red"
    return "amber" if verdict.is_restricted else "green"
