"""Kinds of record whose changes a second person approves: schemes, quizzes, checklists."""

from typing import TypeAlias

from certification.models import Checklist, Quiz, Scheme

Versioned: TypeAlias = Scheme | Quiz | Checklist

_MODELS: dict[str, type[Versioned]] = {model._meta.label_lower: model for model in (Scheme, Quiz, Checklist)}


def label_of(record: Versioned | type[Versioned]) -> str:
    """Return the label under which drafts and versions of the record are kept, e.g. ``certification.quiz``."""
    return record._meta.label_lower


def model_of(label: str) -> type[Versioned]:
    """Return the model kept under ``label``.

    Raises:
        KeyError: it is not a versioned kind.
    """
    return _MODELS[label]


def labels() -> tuple[str, ...]:
    """Return the labels of all versioned kinds."""
    return tuple(_MODELS)


def approve_permission(label: str) -> str:
    """Return the permission that approving asks for, e.g. ``certification.approve_quiz``."""
    app, name = label.split(".")
    return f"{app}.approve_{name}"


def change_permission(label: str) -> str:
    """Return the permission that drafting asks for, e.g. ``certification.change_quiz``."""
    app, name = label.split(".")
    return f"{app}.change_{name}"
