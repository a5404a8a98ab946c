"""Columns of the exported answers to a list."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from certification.duty.lists.asking import Answered
from portal.exchange.exports import Table
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


def _rows(answered: Answered) -> Iterator[list[object]]:
    for answer in answered.answers:
        yield [
            answer.person.staff_number,
            answer.person.name,
            answer.person.organisation.name if answer.person.organisation else "",
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
