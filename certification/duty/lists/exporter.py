"""Columns of the exported answers to a list."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from certification.duty.lists.asking import Answered
from portal.exchange.exports import Table
from portal.models import Person
from portal.registry.duty import state_words


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
    ]
    return Table(_("Answers of the duty gate"), columns, _rows(answered))


def _placed(answered: Answered) -> dict[tuple[int, dt.date], str]:
    """Return where who is asked about works on the day asked, by person and day: two queries a day."""
    asked: dict[dt.date, set[int]] = defaultdict(set)
    for answer in answered.answers:
        asked[answer.on].add(answer.person.pk)
    return {
        (person.pk, day): person.place_names
        for day, keys in asked.items()
        for person in Person.objects.filter(pk__in=keys).with_posts(day)
    }


def _rows(answered: Answered) -> Iterator[list[object]]:
    places = _placed(answered)
    for answer in answered.answers:
        yield [
            answer.person.staff_number,
            answer.person.name,
            places[answer.person.pk, answer.on],
            answer.equipment.name if answer.equipment else "",
            answer.task,
            answer.on,
            state_words(answer.state),
            "\n".join(reason.message for reason in answer.reasons),
            "\n".join(dict.fromkeys(way["message"] for way in answer.way_out if way["message"])),
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
        ]
