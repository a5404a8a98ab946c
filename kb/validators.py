"""Validation rules on plain values, shared by forms, models and domain."""

from dataclasses import dataclass

from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kb.enums import Severity
from kb.subjects import SubjectWords

article_number_validator = RegexValidator(
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", _("An article number is letters and digits, joined by “-”.")
)
# One separator only, so that the address of an edition can be turned back into its name (A/1).
edition_validator = RegexValidator(
    r"^[A-Za-z0-9]+(/[A-Za-z0-9]+)*$", _("Write an edition as letters and digits, for example A/1.")
)
chapter_number_validator = RegexValidator(
    r"^\d+(\.\d+)*$", _("A chapter number is figures joined by points, for example 3.2.")
)
step_key_validator = RegexValidator(r"^[A-Za-z0-9]+$", _("A step is called by letters and digits, for example 2a."))

# Severities at which nobody may read the remedies without a warning above them.
NEEDS_WARNING = frozenset({Severity.DANGER, Severity.STOP})


@dataclass(frozen=True)
class Shortfall:
    """One thing that is missing, as data: ``code`` for programs, ``message`` for people, ``field`` it belongs to."""

    code: str
    message: "str | Promise"
    field: str


def publication_shortfalls(*, severity: str, warnings: int, pairs: int, words: SubjectWords) -> list[Shortfall]:
    """Return what an article still lacks before it may be published.

    Args:
        severity: a ``Severity``.
        warnings: number of safety notes.
        pairs: number of rows that name a cause or a check.
        words: those of what the article is about.
    """
    found = []
    if severity in NEEDS_WARNING and not warnings:
        found.append(Shortfall("safety_missing", words.safety_missing, "safety_notes"))
    if not pairs:
        found.append(Shortfall("pairs_missing", words.pairs_missing, "pairs"))
    return found


def code_clash(code: str, number: str, title: str) -> Shortfall:
    """Return the error that another article of the same category, brand and family already explains ``code``."""
    message = _("Code %(code)s of this brand and family is already explained by %(number)s “%(title)s”.") % {
        "code": code,
        "number": number,
        "title": title,
    }
    return Shortfall("code_clash", message, "codes")


def lines(text: str) -> list[str]:
    """Return the entries of a field that holds one a line."""
    return [entry for line in text.splitlines() if (entry := line.strip())]
