"""Who has come to know the answers of a bank: readings of its key, and rights to read it that were taken away.

Both stand in the audit log, which nobody changes. Whoever may read a bank now need not be noted: that is asked anew.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, pre_delete
from django.utils import timezone

from certification.models import QuestionBank
from portal.access import audit
from portal.models import AuditEvent, Person

# Either lets somebody open a question with its key in the editing area.
READING = ("certification.view_question", "certification.change_question")
READ, CLOSED = "certification.answers_read", "certification.answers_closed"
ROLES_CHANGED = ("portal.roles_changed", "portal.person_changed")
# What else shows a key: a bank taken out as a file, a paper opened with what is right.
EXPORTED, PAPER = "certification.questions_exported", "certification.paper_opened"


def note_reading(reader: Any, banks: Iterable[QuestionBank]) -> None:
    """Note that somebody has opened answers of ``banks``: once a person, bank and day."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = AuditEvent.objects.filter(action=READ, actor=reader, at__gte=midnight)
    noted = set(today.values_list("subject", flat=True))
    for bank in {bank.pk: bank for bank in banks}.values():
        if _name(bank) not in noted:
            audit.record(READ, bank, actor=reader)


def has_read(person: Person, bank: QuestionBank) -> bool:
    """Whether the person has ever opened answers of the bank: in the editing area, as a file, on somebody's paper."""
    events = AuditEvent.objects.filter(actor=person)
    opened = Q(action__in=(READ, EXPORTED), subject=_name(bank))
    return events.filter(opened | Q(action=PAPER, detail__bank=bank.code, detail__with_key=True)).exists()


def could_read_since(person: Person, moment: dt.datetime) -> bool:
    """Whether the person held a right to read the banks at ``moment`` or later, now included."""
    if any(person.has_perm(permission) for permission in READING):
        return True
    about = AuditEvent.objects.filter(subject=_name(person), at__gte=moment)
    if about.filter(action=CLOSED).exists():
        return True
    # Roles taken away before that was noted stand in the log as changes of the person.
    opening = set(Group.objects.filter(permissions__in=_opening()).values_list("name", flat=True))
    changed = about.filter(action__in=ROLES_CHANGED).values_list("detail__changes", flat=True)
    return any(opening & _taken(changes or []) for changes in changed)


def _taken(changes: Iterable[dict[str, Any]]) -> set[str]:
    """Return the roles that changes of a person took away."""
    named = [change for change in changes if change["field"] == "groups"]
    return {role for change in named for role in set(change["old"] or []) - set(change["new"] or [])}


def _name(record: Any) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


def watch_rights() -> None:
    """Note whose right to read the banks ends: by a role, a permission of a role or of a person taken away."""
    m2m_changed.connect(_roles_taken, sender=Person.groups.through, dispatch_uid="certification.roles_taken")
    m2m_changed.connect(_rights_taken, sender=Group.permissions.through, dispatch_uid="certification.rights_taken")
    own = Person.user_permissions.through
    m2m_changed.connect(_own_rights_taken, sender=own, dispatch_uid="certification.own_rights_taken")
    pre_delete.connect(_role_deleted, sender=Group, dispatch_uid="certification.role_deleted")


def _opening() -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="certification", codename__in=[name.partition(".")[2] for name in READING]
    )


def _closed(people: QuerySet[Person]) -> None:
    for person in people.distinct().order_by("pk"):
        audit.record(CLOSED, person)


def _sides(instance: Any, pk_set: set[int] | None, reverse: bool, near: str, far: str) -> Q:
    """Return the condition of the rows of a relation that are about to be taken away.

    Args:
        pk_set: the other side of the rows; None for all rows of ``instance``.
        reverse: whether ``instance`` stands on the ``far`` side.
    """
    mine, others = (far, near) if reverse else (near, far)
    found = Q(**{mine: instance.pk})
    return found if pk_set is None else found & Q(**{f"{others}__in": pk_set})


def _roles_taken(instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **kwargs: Any) -> None:
    if action in ("pre_remove", "pre_clear"):
        opening = Group.objects.filter(permissions__in=_opening())
        taken = Person.groups.through.objects.filter(group__in=opening).filter(
            _sides(instance, pk_set, reverse, "person", "group")
        )
        _closed(Person.objects.filter(pk__in=taken.values("person")))


def _rights_taken(instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **kwargs: Any) -> None:
    if action in ("pre_remove", "pre_clear"):
        taken = Group.permissions.through.objects.filter(permission__in=_opening()).filter(
            _sides(instance, pk_set, reverse, "group", "permission")
        )
        _closed(Person.objects.filter(groups__in=taken.values("group")))


def _own_rights_taken(instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **kwargs: Any) -> None:
    if action in ("pre_remove", "pre_clear"):
        taken = Person.user_permissions.through.objects.filter(permission__in=_opening()).filter(
            _sides(instance, pk_set, reverse, "person", "permission")
        )
        _closed(Person.objects.filter(pk__in=taken.values("person")))


def _role_deleted(instance: Group, **kwargs: Any) -> None:
    if instance.permissions.filter(pk__in=_opening().values("pk")).exists():
        _closed(Person.objects.filter(groups=instance))
