"""Assign training, and take it back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from courses.assignments.errors import (
    AlreadyAssigned,
    AlreadyWithdrawn,
    DueDayPassed,
    NotOfBranch,
    NotPublished,
    NotYourBranch,
)
from courses.assignments.permissions import branches_to_assign, can_withdraw
from courses.models import Course, TrainingDue, TrainingModule
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Organisation, Person


@transaction.atomic
def assign_training(
    *,
    by: Person,
    organisation: Organisation,
    reason: str,
    module: TrainingModule | None = None,
    course: Course | None = None,
    post_title: str = "",
    person: Person | None = None,
    due_on: dt.date | None = None,
    within_days: int | None = None,
) -> TrainingDue:
    """Have the people of a branch be credited a module or a course by a day.

    Args:
        post_title: only the holders of posts of this title.
        person: only this person, of the branch.
        due_on: the last day for everybody; or ``within_days`` for whoever joins from today on.

    Raises:
        NotYourBranch: ``by`` does not manage the branch.
        DueDayPassed: the last day lies behind.
        NotOfBranch: the person works elsewhere.
        NotPublished: a draft or a template, or a course that is not offered or has no published module.
        AlreadyAssigned: the same people have it already.
        ValidationError: neither or both of module and course, of day and days.
    """
    place = _locked_branch(organisation, by)
    if due_on is not None and due_on < timezone.localdate():
        raise DueDayPassed
    if person is not None and not any(found.path.startswith(place.path) for found in person.places):
        raise NotOfBranch(person=person.name, organisation=place.name)
    due = TrainingDue(
        module=module,
        course=course,
        organisation=place,
        post_title=post_title.strip(),
        person=person,
        due_on=due_on,
        within_days=within_days,
        reason=reason.strip(),
        assigned_by=by,
    )
    due.full_clean()
    _check_published(module, course)
    _check_new(due)
    due.save()
    audit.record("courses.training_assigned", due, actor=by, changes=added(due))
    return due


def _locked_branch(organisation: Organisation, by: Person) -> Organisation:
    """Return the branch locked, so that two who assign the same at once do so one after the other."""
    place = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not branches_to_assign(by).filter(pk=place.pk).exists():
        raise NotYourBranch(organisation=place.name)
    return place


def _check_new(due: TrainingDue) -> None:
    names = ("module", "course", "organisation", "post_title", "person")
    same = {name: getattr(due, name) for name in names}
    of_kind = TrainingDue.objects.filter(**same, withdrawn_at=None, within_days__isnull=due.within_days is None)
    if of_kind.exists():
        raise AlreadyAssigned


def _check_published(module: TrainingModule | None, course: Course | None) -> None:
    if module is not None and not module.live:
        raise NotPublished(title=module.title)
    if course is not None and not (course.is_active and course.parts.filter(module__live=True).exists()):
        raise NotPublished(title=course.title)


@transaction.atomic
def withdraw_training(due: TrainingDue, *, by: Person) -> TrainingDue:
    """Take assigned training back; what was credited stays.

    Raises:
        NotYourBranch: ``by`` does not manage the branch.
        AlreadyWithdrawn: it was withdrawn before.
    """
    found = TrainingDue.objects.select_for_update().get(pk=due.pk)
    if not can_withdraw(by, found):
        raise NotYourBranch(organisation=found.organisation.name)
    if found.withdrawn_at is not None:
        raise AlreadyWithdrawn
    before = snapshot(found)
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    audit.record("courses.training_withdrawn", found, actor=by, changes=since(before, found))
    return found
