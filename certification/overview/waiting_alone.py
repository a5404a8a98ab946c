"""What waits although nobody is left who may act on it: people leave, and what only they could do must not lie still.

Told to administrators and managers, who can appoint somebody.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.enums import AttemptState, DraftState
from certification.models import AssessorAppointment, Attempt, Checklist, Draft, Scheme
from certification.versions.kinds import approve_permission
from certification.versions.queries import authors_of
from portal.bar.queries import CONFIRM_ROLES
from portal.enums import Role
from portal.models import BarChange, Person
from portal.people.queries import has_left

#: Roles without which work stands still once somebody has held them.
NEEDED = (Role.DISPATCHER, Role.ASSESSOR, Role.TRAINER, Role.EDITOR, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class WaitingAlone:
    """One thing nobody can act on.

    Args:
        label: what waits.
        reason: who is missing.
        view: name of the page of the editing area where somebody is appointed or it is decided.
        permission: who may open that page.
    """

    label: str
    reason: str
    view: str
    permission: str


def may_be_told(reader: Any) -> bool:
    """Whether the reader can see to it that somebody is appointed."""
    return reader.is_authenticated and reader.has_role(Role.ADMINISTRATOR, Role.REGIONAL_ADMINISTRATOR, Role.MANAGER)


def waiting_alone(day: dt.date | None = None) -> list[WaitingAlone]:
    """Return what nobody is left for, the most pressing first."""
    on = day or timezone.localdate()
    paths = _assessed_paths(on)
    return [*_roles(on), *_papers(paths), *_drafts(on), *_bar(on), *_checklists(paths)]


def present(day: dt.date) -> QuerySet[Person]:
    """Return the people who have not left the network by ``day``."""
    return Person.objects.filter(is_active=True).exclude(has_left("pk", day))


def _roles(day: dt.date) -> Iterable[WaitingAlone]:
    """Name the roles that somebody held and nobody holds any more."""
    given = set(Person.objects.filter(groups__name__in=NEEDED).values_list("groups__name", flat=True))
    held = set(present(day).filter(groups__name__in=NEEDED).values_list("groups__name", flat=True))
    for role in NEEDED:
        if role in given - held:
            reason = _("Whoever held this role has left; nobody holds it now.")
            yield WaitingAlone(str(role.label), reason, "wagtailusers_users:index", "portal.change_person")


def _assessed_paths(day: dt.date) -> tuple[str, ...]:
    """Return the paths of the categories for which somebody is appointed who is still there."""
    assessors = present(day).filter(groups__name=Role.ASSESSOR)
    appointed = AssessorAppointment.objects.valid_on(day).filter(person__in=assessors.values("pk"))
    return tuple(appointed.order_by().values_list("category__path", flat=True).distinct())


def _papers(paths: tuple[str, ...]) -> Iterable[WaitingAlone]:
    waiting = Attempt.objects.filter(state=AttemptState.MARKING).order_by()
    rows = waiting.values_list("quiz__title", "quiz__bank__category__path").annotate(Count("pk"))
    for title, path, count in sorted(rows):
        if not path.startswith(paths):
            reason = _("%(count)s papers wait for marks; no assessor is appointed.") % {"count": count}
            yield _of_assessors(title, reason)


def _checklists(paths: tuple[str, ...]) -> Iterable[WaitingAlone]:
    asked = Scheme.objects.in_force().filter(requirements__checklist__isnull=False).values("requirements__checklist")
    for sheet in Checklist.objects.filter(pk__in=asked).select_related("category").order_by("code"):
        if not sheet.category.path.startswith(paths):
            yield _of_assessors(str(sheet), _("No assessor is appointed: nobody can sign or counter-sign."))


def _of_assessors(label: str, reason: str) -> WaitingAlone:
    view, permission = "assessorappointment:index", "certification.add_assessorappointment"
    return WaitingAlone(label, reason, view, permission)


def _drafts(day: dt.date) -> Iterable[WaitingAlone]:
    """Name the drafts that only their own authors, or people who have left, could approve."""
    approvers: dict[str, set[int]] = {}
    for draft in Draft.objects.filter(state=DraftState.WAITING).prefetch_related("saves").order_by("opened_at"):
        permission = approve_permission(draft.record_label)
        if permission not in approvers:
            approvers[permission] = set(_holders(permission, day))
        if not approvers[permission] - authors_of(draft):
            reason = _("A draft waits, and nobody but its authors may approve it.")
            yield WaitingAlone(str(draft), reason, "certification_drafts", permission)


def _bar(day: dt.date) -> Iterable[WaitingAlone]:
    """Name the changes of the bar that only their own author could confirm."""
    waiting = BarChange.objects.waiting().order_by("recorded_at")
    confirming = (
        set(present(day).filter(groups__name__in=CONFIRM_ROLES).values_list("pk", flat=True)) if waiting else ()
    )
    for change in waiting:
        if not set(confirming) - {change.changed_by_id}:
            reason = _("A change of the bar waits, and nobody but its author may confirm it.")
            yield WaitingAlone(str(change), reason, "wagtailusers_users:index", "portal.change_person")


def _holders(permission: str, day: dt.date) -> Iterable[int]:
    app, codename = permission.split(".")
    given = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label=app)
    given |= Q(user_permissions__codename=codename, user_permissions__content_type__app_label=app)
    return present(day).filter(given | Q(is_superuser=True)).values_list("pk", flat=True)
