"""Snapshots of schemes, quizzes and checklists: validate, compare, restore to records."""

from django.core.exceptions import ValidationError
from modelcluster.models import get_all_child_relations

from certification.versions.errors import NotComplete
from certification.versions.kinds import Versioned, model_of
from portal.access import changes
from portal.access.changes import Change, Snapshot


def restore(label: str, content: Snapshot) -> Versioned:
    """Return ``content`` as an unsaved record; saving it writes the row and all rows of its relations."""
    return model_of(label).from_serializable_data(content, check_fks=False)


def check_complete(record: Versioned) -> None:
    """See that ``record`` with its rows could be saved.

    Raises:
        NotComplete: a field, a row, or what they name is missing or contradicts another record.
    """
    problems: list[str] = []
    try:
        record.full_clean()
    except ValidationError as error:
        problems += error.messages
    for relation in get_all_child_relations(type(record)):
        for row in getattr(record, relation.get_accessor_name()).all():
            try:
                row.full_clean(exclude={relation.field.name}, validate_constraints=record.pk is not None)
            except ValidationError as error:
                problems += [f"{row._meta.verbose_name}: {message}" for message in error.messages]
    if problems:
        raise NotComplete(problems=" ".join(problems))


def compare(label: str, old: Snapshot | None, new: Snapshot) -> list[Change]:
    """Return what differs between two snapshots of the kind kept under ``label``."""
    return changes.compare(model_of(label), old, new)
