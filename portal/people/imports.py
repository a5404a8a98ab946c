"""Import people with their assignments: one row a person and a post."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.lookup.posts import position_label, position_named
from portal.access.sight import organisations_in_sight, people_in_sight
from portal.errors import DomainError
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import day_in, shown
from portal.models import Assignment, Organisation, Person, Position
from portal.models.people import staff_number_validator
from portal.people.domain import add_person, assign_position, change_person, clashing_assignments
from portal.people.import_columns import COLUMNS
from portal.registry.imports import ImportKind, Made, Outcome, Problem, Question, TableRow, Verdict
from portal.registry.sight import choosable
from portal.typed import name_key, number_form, number_key, plain

NEW, LEAVE = "new", "leave"


@dataclass
class _Read:
    """A row as records: what is to be written, once nothing is wrong with it."""

    person: Person | None
    number: str
    facts: dict[str, Any]
    place: Organisation | None
    post: Position | None
    start: dt.date
    end: dt.date | None


class PeopleDesk:
    """People of one table, judged by the sight of who imports them."""

    def __init__(self, by: Person, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by, self.today = by, timezone.localdate()
        numbers = {number_form(row["staff_number"]) for row in rows}
        names = {name_key(row["name"]) for row in rows}
        written = Person.objects.filter(staff_number_key__in={number_key(number) for number in numbers} - {""})
        self.known = {number_form(each.staff_number): each for each in written.select_related("organisation")}
        known = [person.pk for person in self.known.values()]
        self.seen = set(people_in_sight(by).filter(pk__in=known).values_list("pk", flat=True))
        self.namesakes: dict[str, list[Person]] = {}
        for each in people_in_sight(by).with_posts(self.today).filter(name_key__in=names - {""}):
            self.namesakes.setdefault(each.name_key, []).append(each)
        self.places = list(organisations_in_sight(by))
        self.posts = list(choosable(Position.objects.select_related("organisation"), by))
        self.entered: dict[str, str] = {}
        self.facts: dict[str, dict[str, Any]] = {}
        self.posted: set[tuple[str, int, dt.date]] = set()

    # --- judging -----------------------------------------------------------------------------------

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would do: enter a person, correct one, give a post; or what is to be decided."""
        verdict = Verdict(Outcome.SAME)
        read = self._read(row, verdict)
        if verdict.problems:
            return verdict
        person = self._whom(row, read, answer, verdict)
        if verdict.question is not None or verdict.problems or answer == LEAVE:
            return verdict
        key = number_form(read.number)
        if person is None and key not in self.entered:
            if read.place is None:
                verdict.problems.append(Problem("organisation", _("Say which organisation a new person belongs to.")))
                return verdict
            verdict.outcome = Outcome.ADD
            verdict.changes.append((_("Person"), "", f"{row['name']}（{read.number}） · {read.place}"))
            verdict.changes += _said(read.facts, {"name": read.facts["name"]})
        elif person is not None:
            verdict.changes += self._differences(person, read)
            verdict.outcome = Outcome.CHANGE if verdict.changes else Outcome.SAME
        else:
            verdict.changes += _said(read.facts, self.facts.get(key, {}))
            verdict.outcome = Outcome.ADD if verdict.changes else Outcome.SAME
        self.entered.setdefault(key, row["name"])
        self.facts[key] = self.facts.get(key, {}) | read.facts
        self._judge_post(person, read, key, verdict)
        return verdict

    def _read(self, row: TableRow, verdict: Verdict) -> _Read:
        number = "".join(plain(row["staff_number"]).split())
        self._check_identity(row, number, verdict)
        place = self._place(row["organisation"], verdict)
        facts: dict[str, Any] = {"name": plain(row["name"])}
        if row["mobile"]:
            facts["mobile"] = plain(row["mobile"])[:20]
        if row["email"]:
            try:
                validate_email(plain(row["email"]))
                facts["email"] = plain(row["email"])
            except ValidationError:
                verdict.problems.append(Problem("email", _("“%(text)s” is no address.") % {"text": row["email"][:60]}))
        if (joined := day_in(row, "joined_on", verdict)) is not None:
            facts["joined_on"] = joined
        start, end = day_in(row, "start", verdict), day_in(row, "end", verdict)
        first = start or joined or self.today
        if end is not None and end < first:
            verdict.problems.append(Problem("end", _("The last day lies before the first one.")))
        post = self._post(row["position"], place, verdict) if row["position"] else None
        return _Read(self.known.get(number_form(number)), number, facts, place, post, first, end)

    def _check_identity(self, row: TableRow, number: str, verdict: Verdict) -> None:
        if not plain(row["name"]) or len(plain(row["name"])) > 60:
            verdict.problems.append(Problem("name", _("A name of at most 60 characters is needed.")))
        try:
            staff_number_validator(number)
        except ValidationError as error:
            verdict.problems.append(Problem("staff_number", error.messages[0]))
        known = self.known.get(number_form(number))
        if known is not None and known.pk not in self.seen:
            verdict.problems.append(Problem("staff_number", _("This number belongs to somebody outside your branch.")))
        earlier = self.entered.get(number_form(number))
        if earlier is not None and name_key(earlier) != name_key(row["name"]):
            text = _("This number stands in an earlier row with another name (%(name)s).") % {"name": earlier}
            verdict.problems.append(Problem("staff_number", text))

    def _place(self, text: str, verdict: Verdict) -> Organisation | None:
        if not text:
            return None
        key = name_key(text)
        found = [each for each in self.places if name_key(each.code) == key] or [
            each for each in self.places if name_key(each.name) == key
        ]
        if len(found) == 1:
            return found[0]
        message = (
            _("Several organisations are called “%(text)s”: write the code (%(codes)s).")
            if found
            else _("No organisation called “%(text)s” is in your branch. Import it first, or write its code.")
        )
        codes = "、".join(each.code for each in found)
        verdict.problems.append(Problem("organisation", message % {"text": text[:60], "codes": codes}))
        return None

    def _post(self, text: str, place: Organisation | None, verdict: Verdict) -> Position | None:
        """Return the post of that title, of the place before those above it before any other."""
        rings: list[list[Position]] = [self.posts]
        if place is not None:
            own = [post for post in self.posts if post.organisation_id == place.pk]
            above = [post for post in self.posts if place.path.startswith(post.organisation.path)]
            rings = [own, above, self.posts]
        found: Position | DomainError | None = None
        for posts in rings:
            found = position_named(posts, text)
            if isinstance(found, Position):
                return found
        verdict.problems.append(Problem("position", str(found)))
        return None

    def _whom(self, row: TableRow, read: _Read, answer: str, verdict: Verdict) -> Person | None:
        """Return the person of a row; a person of the same name is asked about, not guessed."""
        person = read.person
        if person is not None and name_key(person.name) != name_key(row["name"]) and answer not in ("same", LEAVE):
            verdict.question = Question(
                _("%(person)s has this number. Is it the same person under a new name?") % {"person": person},
                [("same", _("Yes, correct the name")), (LEAVE, _("No, leave this row out"))],
            )
        elif person is not None and not person.is_active and answer not in ("back", "same", LEAVE):
            verdict.question = Question(
                _("%(person)s is on record as having left.") % {"person": person},
                [("back", _("Has come back: make active")), (LEAVE, _("Leave this row out"))],
            )
        elif person is None and number_form(read.number) not in self.entered:
            namesakes = self.namesakes.get(name_key(row["name"]), [])
            chosen = next((each for each in namesakes if str(each.pk) == answer), None)
            if chosen is not None:
                read.person = chosen
                verdict.notes.append(_("Taken as %(person)s; the number on record stays.") % {"person": chosen})
                return chosen
            if namesakes and answer not in (NEW, LEAVE):
                offered = [(str(each.pk), f"{each} · {each.place_names}") for each in namesakes[:20]]
                verdict.question = Question(
                    _("Somebody of this name is on record with another number."),
                    [(NEW, _("Another person: enter as new")), *offered, (LEAVE, _("Leave this row out"))],
                )
        return person

    def _differences(self, person: Person, read: _Read) -> list[tuple[str, str, str]]:
        return [
            (str(_label(name)), shown(getattr(person, name)), shown(value))
            for name, value in self._changed(person, read).items()
        ]

    def _changed(self, person: Person, read: _Read) -> dict[str, Any]:
        facts = dict(read.facts)
        if read.place is not None and read.post is None and person.organisation_id != read.place.pk:
            facts["organisation"] = read.place
        if not person.is_active:
            facts["is_active"] = True
        return {name: value for name, value in facts.items() if getattr(person, name) != value}

    def _judge_post(self, person: Person | None, read: _Read, key: str, verdict: Verdict) -> None:
        if read.post is None:
            return
        held = self._held(person, read)
        if held is not None:
            if held.start != read.start:
                verdict.notes.append(_("Holds this post since %(day)s.") % {"day": held.start.isoformat()})
            return
        if (key, read.post.pk, read.start) in self.posted:
            verdict.notes.append(_("Stands in the table twice; written once."))
            return
        self.posted.add((key, read.post.pk, read.start))
        period = f"{read.start.isoformat()} – {read.end.isoformat() if read.end else ''}"
        verdict.changes.append((_("Position"), "", f"{position_label(read.post)} · {period}"))
        if verdict.outcome == Outcome.SAME:
            verdict.outcome = Outcome.ADD
        if read.post.is_duty_gated:
            verdict.notes.append(_("This post may only be held by certified people; the gate refuses until they are."))

    def _held(self, person: Person | None, read: _Read) -> Assignment | None:
        if person is None or read.post is None:
            return None
        return clashing_assignments(person, read.post, read.start, read.end).first()

    # --- writing -----------------------------------------------------------------------------------

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Enter or correct the person, and give the post."""
        read = self._read(row, Verdict(Outcome.SAME))
        key = number_form(read.number)
        notes: list[Made] = []
        person = self.known.get(key) or next((p for p in self._named(row) if str(p.pk) == answer), None)
        if person is None:
            person = add_person(read.number, organisation=read.place, actor=self.by, **read.facts)
            notes.append(made(person))
        elif changed := self._changed(person, read):
            before = {name: getattr(person, name) for name in changed}
            person = change_person(person, actor=self.by, **changed)
            notes.append(made(person, before))
        self.known[key] = person
        self.seen.add(person.pk)
        if read.post is not None and self._held(person, read) is None:
            place = read.place or person.organisation or read.post.organisation
            given = assign_position(
                person, read.post, start=read.start, end=read.end, organisation=place, actor=self.by
            )
            notes.append(made(given))
        return notes

    def _named(self, row: TableRow) -> list[Person]:
        return self.namesakes.get(name_key(row["name"]), [])


def _said(facts: dict[str, Any], before: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the facts that differ from those said before, as people read them."""
    return [
        (str(_label(name)), shown(before.get(name)), shown(value))
        for name, value in facts.items()
        if before.get(name) != value
    ]


def _label(name: str) -> Any:
    return Person._meta.get_field(name).verbose_name


def _take_back(person: Person, by: Any) -> None:
    """Remove a person nobody remembers; who has held a post stays on record and is made inactive."""
    try:
        person.delete()
    except ProtectedError as error:
        if any(each._meta.model_name != "assignmentrecord" for each in error.protected_objects):
            raise
        change_person(person, actor=by, is_active=False)


kind = ImportKind(
    key="people",
    label=gettext_lazy("People and their posts"),
    help=gettext_lazy("One row a person and a post; a person with several posts has several rows."),
    columns=COLUMNS,
    may_use=lambda person: person.is_authenticated and person.has_perm("portal.add_person"),
    desk=PeopleDesk,
    undo={"portal.person": _take_back},
    order=20,
)
