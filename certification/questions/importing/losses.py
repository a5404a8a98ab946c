"""What of a question a file may not say: one list for all formats, each of which names what it carries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from certification.kinds import question_kinds
from certification.models import QuestionVersion
from certification.questions.kinds.lines import share_of
from certification.questions.kinds.places import fixed_places


@dataclass(frozen=True)
class Loss:
    """Something a question may have that a format may not carry.

    Args:
        has: whether it would be another question when it comes back without it.
    """

    key: str
    text: Any
    has: Callable[[QuestionVersion], bool]


def _default(name: str) -> Any:
    return QuestionVersion._meta.get_field(name).get_default()


def _shares(version: QuestionVersion) -> list[str]:
    kept = version.parameters
    return [row["credit"] for rows in (*kept.get("blanks", ()), kept.get("values", ())) for row in rows]


def _is_in_part(version: QuestionVersion) -> bool:
    """Whether some answer earns part of the credit, or there are several values."""
    return len(version.parameters.get("values", ())) > 1 or any(share_of(share) != 1 for share in _shares(version))


def _keeps_places(version: QuestionVersion) -> bool:
    """Whether answers keep their places otherwise than their words say."""
    choices = list(version.choices.all())
    usual = fixed_places([choice.text for choice in choices], [None] * len(choices))
    may = question_kinds.get(version.kind).may_keep_places
    return may and [choice.keeps_place for choice in choices] != usual


LOSSES = (
    Loss("picture", _("the picture is not in the file"), lambda version: version.picture_id is not None),
    Loss(
        "explanation",
        _("the explanation is not in the file; what a full answer says is"),
        lambda version: question_kinds.get(version.kind).is_marked_by_person and bool(version.explanation),
    ),
    Loss("unit", _("the unit is not in the file"), lambda version: bool(version.parameters.get("unit"))),
    Loss(
        "case",
        _("that capital letters count is not in the file"),
        lambda version: bool(version.parameters.get("case_matters")),
    ),
    Loss("parts", _("answers that earn part of the credit are not in the file"), _is_in_part),
    Loss("places", _("that answers keep their places is not in the file"), _keeps_places),
    Loss("knockout", _("that it fails the paper is not in the file"), lambda version: version.is_knockout),
    Loss("safety", _("that it is about safety is not in the file"), lambda version: version.is_safety),
    Loss(
        "difficulty",
        _("the difficulty is not in the file"),
        lambda version: version.difficulty != _default("difficulty"),
    ),
    Loss("topic", _("the topic is not in the file"), lambda version: version.topic_id is not None),
    Loss("equipment", _("the model it is about is not in the file"), lambda version: version.equipment_id is not None),
    Loss(
        "reading",
        _("what to read again is not in the file"),
        lambda version: version.chapter_id is not None or version.article_id is not None,
    ),
    Loss(
        "reserved",
        _("that it is kept for certifying is not in the file"),
        lambda version: version.question.is_reserved,
    ),
)


def losses(version: QuestionVersion, carried: frozenset[str]) -> list[str]:
    """Return in words what a file does not say of a question.

    Args:
        carried: keys of what its format carries.
    """
    return [str(loss.text) for loss in LOSSES if loss.key not in carried and loss.has(version)]
