"""Find people by staff number, name, pinyin, initials, or a scanned certificate or file."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from portal.access.sight import DUTY_ROLES, people_in_sight, people_of_network
from portal.errors import AmbiguousPerson, Candidate, DomainError, PersonOutOfScope, UnknownPerson
from portal.models import Person
from portal.models.people import posts_on
from portal.registry.holders import holders_of
from portal.typed import name_key, number_form, number_key, pinyin_key, plain, scanned, split_list, unlabelled

Record = TypeVar("Record")
# People offered for one text; who means somebody else types more of the name.
OFFERED = 20
# People read for one text that is no number; initials may be those of a whole town.
READ = 200
# A person as lists show them: 张三（T001）.
_SHOWN = re.compile(r"^(?P<name>[^()]*)\((?P<number>[^()]+)\)$")


def found_or_raise(record: Record | DomainError) -> Record:
    """Return the record.

    Raises:
        DomainError: it is the refusal.
    """
    if isinstance(record, DomainError):
        raise record
    return record


def find_person(asker: Person, text: str, within: QuerySet[Person]) -> Person:
    """Return the one person of ``within`` that is meant by a number, a name, pinyin or a scan.

    Raises:
        AmbiguousPerson: several are meant; they are listed.
        PersonOutOfScope: a colleague of the asker's network is meant who is not of ``within``.
        UnknownPerson: nobody is.
    """
    return found_or_raise(find_people(asker, [text], within)[text])


def find_people(asker: Any, texts: Iterable[str], within: QuerySet[Person]) -> dict[str, Person | DomainError]:
    """Return the person for each text, or why there is none: one query when all are numbers, ten at most.

    The errors are those of :func:`find_person`.
    """
    wanted = {text: written(text) for text in texts}
    found = _meant(within, wanted)
    left = {text: typed for text, typed in wanted.items() if text not in found}
    answers = found | (_not_found(asker, left) if left else {})
    return {text: answers[text] for text in wanted}


def _meant(within: QuerySet[Person], wanted: dict[str, str]) -> dict[str, Person | DomainError]:
    """Return the person or the choice for each text that means somebody of ``within``."""
    people = within.select_related("organisation").order_by("staff_number")
    found: dict[str, Person | DomainError] = {}
    for step in (_by_number, _by_name, _by_both, _by_paper):
        left = {text: typed for text, typed in wanted.items() if text not in found}
        if left:
            found |= step(people, left)
    return found


def written(text: str) -> str:
    """Return what of a typed text names the person: without label, address and the name before a number."""
    address = scanned(text)
    if address is not None:
        return address.key if address.place in ("people", "verify") else ""
    plain = unlabelled(text)
    shown = _SHOWN.match(plain)
    return unlabelled(shown["number"]) if shown else plain


def _by_number(people: QuerySet[Person], wanted: dict[str, str]) -> dict[str, Person | DomainError]:
    by_key: dict[str, list[Person]] = defaultdict(list)
    for person in people.filter(staff_number_key__in={number_key(typed) for typed in wanted.values()} - {""}):
        by_key[person.staff_number_key].append(person)
    return _chosen(
        wanted,
        lambda typed: (
            [one for one in by_key[number_key(typed)] if number_form(one.staff_number) == number_form(typed)]
            or [one for one in by_key[number_key(typed)] if name_key(one.staff_number) == name_key(typed)]
            or by_key[number_key(typed)]
        ),
    )


def _by_name(people: QuerySet[Person], wanted: dict[str, str]) -> dict[str, Person | DomainError]:
    names = {name_key(typed) for typed in wanted.values()} - {""}
    sounds = {sound for typed in wanted.values() if (sound := sound_of(typed))}
    means = Q(name_key__in=names) | Q(name_pinyin__in=sounds) | Q(name_initials__in=sounds)
    known = list(people.filter(means)[: READ * len(wanted)])

    def meant(typed: str) -> list[Person]:
        name, sound = name_key(typed), sound_of(typed)
        named = [one for one in known if name and one.name_key == name]
        if named or not sound:
            # Names in Latin letters have no pinyin, as has what is typed in Chinese: two empty keys are no match.
            return named
        heard = [one for one in known if one.name_pinyin == sound]
        return heard or [one for one in known if one.name_initials == sound]

    return _chosen(wanted, meant)


def _by_both(people: QuerySet[Person], wanted: dict[str, str]) -> dict[str, Person | DomainError]:
    """Read a number beside a name in either order; both must be one person's."""
    both = {text: typed for text, typed in wanted.items() if len(typed.split()) > 1}
    if not both:
        return {}
    means = Q(pk__in=())
    for typed in both.values():
        means |= _both_of(typed)
    numbered: dict[str, list[Person]] = defaultdict(list)
    for person in people.filter(means):
        numbered[person.staff_number_key].append(person)

    def meant(typed: str) -> list[Person]:
        return [
            person
            for number, name in _pairs(typed)
            for person in numbered[number_key(number)]
            if name_key(name) == person.name_key
            or ((sound := sound_of(name)) and sound in (person.name_pinyin, person.name_initials))
        ]

    return _chosen(both, meant)


def _pairs(typed: str) -> list[tuple[str, str]]:
    """Return how blanks may part a number and a name: ``T002 张三``, ``张三 T002``."""
    first, *others = typed.split()
    *before, last = typed.split()
    pairs = [(first, unlabelled(" ".join(others))), (unlabelled(last), " ".join(before))]
    return [(number, name) for number, name in pairs if number_key(number) and name_key(name)]


def _both_of(typed: str) -> Q:
    means = Q(pk__in=())
    for number, name in _pairs(typed):
        named = Q(name_key=name_key(name))
        if sound := sound_of(name):
            named |= Q(name_pinyin=sound) | Q(name_initials=sound)
        means |= Q(staff_number_key=number_key(number)) & named
    return means


def _by_paper(people: QuerySet[Person], wanted: dict[str, str]) -> dict[str, Person | DomainError]:
    holders = holders_of(typed for typed in wanted.values() if typed)
    known = {person.pk: person for person in people.filter(pk__in=set(holders.values()))} if holders else {}
    return _chosen(wanted, lambda typed: [known[pk] for pk in [holders.get(typed)] if pk in known])


def _chosen(wanted: dict[str, str], pick: Callable[[str], list[Person]]) -> dict[str, Person | DomainError]:
    answers: dict[str, Person | DomainError] = {}
    for text, typed in wanted.items():
        if not typed:
            continue
        meant = pick(typed)
        if len(meant) == 1:
            answers[text] = meant[0]
        elif meant:
            offered = meant[:OFFERED]
            prefetch_related_objects(offered, posts_on(timezone.localdate()))
            choices = [candidate_of(person) for person in offered]
            answers[text] = AmbiguousPerson(choices, person=text.strip()[:60])
    return answers


def _not_found(asker: Any, wanted: dict[str, str]) -> dict[str, Person | DomainError]:
    """Return the refusals: a colleague is out of scope by whatever names them, everybody else is unknown."""
    known = _meant(people_of_network(asker), wanted)
    return {text: (PersonOutOfScope if text in known else UnknownPerson)(person=text.strip()[:60]) for text in wanted}


def sound_of(typed: str) -> str:
    """Return what was typed as pinyin or initials; empty for anything with other than Latin letters."""
    key = pinyin_key(typed)
    return key if len(key) > 1 and key.isalpha() and len(key) >= len(name_key(typed)) else ""


def candidate_of(person: Person) -> Candidate:
    """Return a person as a choice: the staff number, and what tells them from people of the same name."""
    place = f" · {person.place_names}" if person.places else ""
    return Candidate(person.staff_number, f"{person}{place}")


def find_person_for_duty(asker: Person, text: str) -> Person:
    """Return the person the asker may ask about; errors as for :func:`find_person`."""
    return found_or_raise(find_people_for_duty(asker, [text])[text])


def find_people_for_duty(
    asker: Person, texts: Iterable[str], day: dt.date | None = None
) -> dict[str, Person | DomainError]:
    """Return the person for each text, or the same refusal as :func:`find_person_for_duty`.

    About oneself one may always ask, about others in sight the roles of ``DUTY_ROLES`` do.

    Args:
        day: the day asked about: who works in sight on it may be asked about too.
    """
    if not asker.is_active:
        return find_people(asker, texts, Person.objects.none())
    if not asker.has_role(*DUTY_ROLES):
        return find_people(asker, texts, Person.objects.filter(pk=asker.pk))
    seen = people_in_sight(asker)
    if day is not None and day != timezone.localdate():
        seen |= people_in_sight(asker, day)
    return find_people(asker, texts, seen)


def people_asked(asker: Person, text: str, day: dt.date | None = None) -> dict[str, Person | DomainError]:
    """Return whom a field that takes one person or a list is about: entries by text, each as for duty.

    A list has commas, semicolons or lines between its entries, or blanks if the whole text is nobody's name.
    """
    entries = split_list(text)
    if len(entries) > 1:
        return find_people_for_duty(asker, entries, day)
    whole = find_people_for_duty(asker, [text], day)
    parts = list(dict.fromkeys(text.split()))
    if len(parts) > 1 and isinstance(whole[text], UnknownPerson):
        several = find_people_for_duty(asker, parts, day)
        if any(isinstance(person, Person) for person in several.values()):
            return several
    return whole


def people_matching(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow a list of people to those whose number, name, pinyin or initials contain what was typed.

    What names one person to :func:`find_person` does so here: a paper's number, a scanned address, number and name.
    """
    typed = written(text)
    if not typed:
        # An address that leads to nobody narrows the list to nobody.
        return people.none() if plain(text) else people
    means = Q(pk__in=set(holders_of([typed]).values())) | _both_of(typed)
    if name_key(typed):
        means |= Q(name_key__contains=name_key(typed))
    if number_key(typed):
        means |= Q(staff_number_key__contains=number_key(typed))
    if sound := sound_of(typed):
        means |= Q(name_pinyin__contains=sound) | Q(name_initials__startswith=sound)
    return people.filter(means)


def staff_number_typed(text: str) -> str:
    """Return the staff number a sign-in name means; what was typed, made plain, where it is not one person's.

    Names are not accepted: the limits of sign-in count by this number.
    """
    typed = written(text) or unlabelled(text)
    found: Any = _by_number(Person.objects.order_by("staff_number"), {text: typed}).get(text)
    return found.staff_number if isinstance(found, Person) else "".join(typed.split())
