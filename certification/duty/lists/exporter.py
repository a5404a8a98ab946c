"""Columns of the exported answers to a list."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from certification.duty.batch import Given
from certification.duty.lists.asking import Answered
from portal.exchange.exports import Table, Toned
from portal.models import Person
from portal.registry.duty import STATE_TONES, STATES, state_words


def answers_table(answered: Answered) -> Table:
    """Return a row a question: the answer, why, and what can be done; below them what could not be asked."""
    columns = [
        _("Staff number"),
        _("Name"),
        _("Organisation"),
        _("Equipment"),
        _("Task"),
        _("Day"),
        _("Answer of the gate"),
        _("Why"),
        _("What to do"),
        _("Second person"),
        _("Both together"),
    ]
    legend = [(STATE_TONES[state], state_words(state)) for state in STATES]
    return Table(_("Answers of the duty gate"), columns, _rows(answered), legend)


def _together(given: Given) -> tuple[str, str]:
    """Return the second person and whether the two may do it; that the work takes two where nobody is named."""
    if given.pair is None:
        return "", _("Work for two: name the second person") if given.needs_two else ""
    second = given.pair.second.person
    return f"{second.staff_number} {second.name}", given.pair.words


def _placed(answered: Answered) -> dict[tuple[int, dt.date], str]:
    """Return where who is asked about works on the day asked, by person and day: two queries a day."""
    asked: dict[dt.date, set[int]] = defaultdict(set)
    for given in answered.given:
        asked[given.answer.on].add(given.answer.person.pk)
    return {
        (person.pk, day): person.place_names
        for day, keys in asked.items()
        for person in Person.objects.filter(pk__in=keys).with_posts(day)
    }


def _rows(answered: Answered) -> Iterator[list[object]]:
    places = _placed(answered)
    for given in answered.given:
        answer = given.answer
        yield [
            answer.person.staff_number,
            answer.person.name,
            places[answer.person.pk, answer.on],
            answer.equipment.name if answer.equipment else "",
            answer.task,
            answer.on,
            Toned(state_words(answer.state), STATE_TONES[answer.state]),
            "\n".join(reason.message for reason in answer.reasons),
            "\n".join(dict.fromkeys(way["message"] for way in answer.way_out if way["message"])),
            *_together(given),
        ]
    for problem in answered.problems:
        lines = _(", ").join(str(line) for line in problem.lines)
        yield [
            "",
            problem.text,
            "",
            "",
            "",
            "",
            _("No answer"),
            str(problem.error),
            _("Line %(lines)s") % {"lines": lines},
            "",
            "",
        ]
