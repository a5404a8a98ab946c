"""Aiken: a line of text, lettered answers, ``ANSWER: B``. Chinese letters' dots and colons are read too."""

import re

from django.utils.translation import gettext as _

from certification.questions.importing.records import Finding, Parsed, Written
from certification.questions.kinds.base import Option

_OPTION = re.compile(r"([A-Z])[.)．、）]\s*(.*)")
_ANSWER = re.compile(r"(?:ANSWER|答案)\s*[:：]\s*(.*)", re.IGNORECASE)


def parse(text: str) -> Parsed:
    """Read an Aiken file."""
    found = Parsed()
    stem: list[str] = []
    options: list[tuple[str, str]] = []
    begin = number = 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        words = line.strip()
        option, answer = _OPTION.fullmatch(words), _ANSWER.fullmatch(words)
        if answer:
            _close(found, begin or number, number, stem, options, answer[1])
            stem, options, begin = [], [], 0
        elif option and stem:
            options.append((option[1], option[2]))
        elif words and options:
            found.problems.append(Finding(_at(number), _("ANSWER: is missing before this line")))
            stem, options, begin = [words], [], number
        elif words:
            begin = begin or number
            stem.append(words)
    if stem or options:
        found.problems.append(Finding(_at(number), _("the last question has no ANSWER:")))
    return found


def _at(number: int) -> str:
    return _("line %(line)d, column %(column)d") % {"line": number, "column": 1}


def _close(
    found: Parsed, begin: int, number: int, stem: list[str], options: list[tuple[str, str]], answer: str
) -> None:
    letters = set(re.sub(r"[\s,，、]", "", answer.upper()))
    known = {letter for letter, _words in options}
    if not letters or not letters <= known or len(known) < len(options):
        text = _("“%(text)s” names none of the answers above") % {"text": answer[:40]}
        found.problems.append(Finding(_at(number), text))
        return
    rows = [Option(words, letter in letters) for letter, words in options]
    kind = "single" if len(letters) == 1 else "multi"
    found.questions.append(Written(_at(begin), kind, "\n".join(stem), rows))
