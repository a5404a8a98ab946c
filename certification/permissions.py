"""Permissions on training files, matrix and assessments; rows follow ``portal.access.sight``."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from certification.enums import TakenOverKind
from portal.access.sight import DUTY_ROLES, NETWORK_ROLES, below, can_see_person, people_in_sight
from portal.enums import Role, Tier
from portal.models import Assignment, Organisation, Person, PersonQuerySet

FILE_ROLES = (*NETWORK_ROLES, Role.MANAGER, Role.TRAINER)
KEEPER_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)
RELEASE_ROLES = (*KEEPER_ROLES, Role.TRAINER)
CERTIFICATE_ROLES = (*NETWORK_ROLES, Role.MANAGER)
# What somebody was examined in; assessors may take it over.
EXAMINED_KINDS = (TakenOverKind.QUIZ, TakenOverKind.PRACTICAL)
AS_OF_ROLES = (*NETWORK_ROLES, Role.MANAGER)


def _active(person: Any) -> bool:
    return bool(getattr(person, "is_authenticated", False)) and person.is_active


def can_see_file(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may open the file (一人一档) of ``subject``: one's own, or as their manager or trainer."""
    if not _active(asker):
        return False
    return asker.pk == subject.pk or (asker.has_role(*FILE_ROLES) and can_see_person(asker, subject))


def files_open_to(asker: Any) -> PersonQuerySet:
    """Return the people whose file ``asker`` may open, see :func:`can_see_file`."""
    if not _active(asker):
        return Person.objects.none()
    return people_in_sight(asker) if asker.has_role(*FILE_ROLES) else Person.objects.filter(pk=asker.pk)


def can_keep_file(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may suspend, revoke, reinstate and record cards for ``subject``: never for oneself."""
    return (
        _active(asker) and asker.pk != subject.pk and asker.has_role(*KEEPER_ROLES) and can_see_person(asker, subject)
    )


def files_kept_by(asker: Any) -> PersonQuerySet:
    """Return the people whose file ``asker`` keeps, see :func:`can_keep_file`."""
    if not may_keep_files(asker):
        return Person.objects.none()
    return people_in_sight(asker).exclude(pk=asker.pk)


def can_see_scan(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may open the scans of the cards of ``subject``: the holder, and who keeps the file."""
    return _active(asker) and (asker.pk == subject.pk or can_keep_file(asker, subject))


def can_set_photo(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may change the photo in the file of ``subject``: the person, and who keeps the file."""
    return _active(asker) and (asker.pk == subject.pk or can_keep_file(asker, subject))


def keepers_of(subject: Person) -> QuerySet[Person]:
    """Return who keeps the file of ``subject`` today: managers of the branches above, administrators of the network.

    All of them by where they work today, as :func:`can_keep_file` asks.
    """
    today = timezone.localdate()
    people = Person.objects.filter(is_active=True).exclude(pk=subject.pk)
    posts = Assignment.objects.valid_on(today).filter(person=OuterRef("pk"))
    unplaced = Q(groups__name=Role.ADMINISTRATOR, organisation__isnull=True) & ~Q(Exists(posts))
    paths = [place.path for place in subject.places]
    if not paths:
        return people.filter(unplaced).distinct()
    step = Organisation.steplen
    above = {path[:length] for path in paths for length in range(step, len(path) + 1, step)}
    managing = _at_work(Organisation.objects.filter(path__in=above), today)
    governing = _at_work(Organisation.objects.filter(below({path[:step] for path in paths})), today)
    keeps = Q(groups__name=Role.MANAGER, pk__in=managing) | Q(groups__name=Role.ADMINISTRATOR, pk__in=governing)
    return people.filter(keeps | unplaced).distinct()


def keepers_of_each(subjects: Iterable[Person]) -> dict[int, list[Person]]:
    """Return who keeps the file of each of these people today, see :func:`keepers_of`: in a few queries.

    Args:
        subjects: with their posts loaded.
    """
    today, listed = timezone.localdate(), list(subjects)
    keeping = Person.objects.filter(is_active=True, groups__name__in=KEEPER_ROLES).distinct().order_by("pk")
    keepers = list(keeping.with_posts(today).prefetch_related("groups")) if listed else []
    return {subject.pk: [keeper for keeper in keepers if _keeps(keeper, subject)] for subject in listed}


def _keeps(keeper: Person, subject: Person) -> bool:
    if keeper.pk == subject.pk:
        return False
    roles = {group.name for group in keeper.groups.all()}
    mine, theirs = [place.path for place in keeper.places], [place.path for place in subject.places]
    if Role.ADMINISTRATOR in roles:
        # Of the network they work in; one without a place is everybody's.
        roots = {path[: Organisation.steplen] for path in mine}
        if not mine or any(path[: Organisation.steplen] in roots for path in theirs):
            return True
    return Role.MANAGER in roles and any(path.startswith(own) for own in mine for path in theirs)


def _at_work(places: QuerySet[Organisation], day: dt.date) -> QuerySet[Any]:
    return Person.objects.belonging_to(places, day).order_by().values("pk")


def can_correct_ledger(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may correct the ledger of ``subject``: administrators, never their own.

    Those who keep the file may take a qualification away, but not give it: other days would do that without training.
    """
    return can_keep_file(asker, subject) and asker.has_role(Role.ADMINISTRATOR)


def taken_over_by(asker: Any, kind: str) -> PersonQuerySet:
    """Return the people for whom ``asker`` may take over records of a kind from before the portal: never oneself.

    Administrators for those they see. Assessors enter papers and practicals of whom they may assess; for which
    equipment, their appointment decides.
    """
    people = Person.objects.none()
    if _active(asker) and asker.has_role(Role.ADMINISTRATOR):
        people = people_in_sight(asker).exclude(pk=asker.pk)
    elif kind in EXAMINED_KINDS and is_assessor(asker):
        people = candidates_in_sight(asker)
    return people


def vouchers_for(asker: Any, kind: str) -> PersonQuerySet:
    """Return who may be named as vouching for what ``asker`` takes over: the same people.

    Administrators may name themselves. Assessors may not: what they enter is what they examine, and nobody else would
    have seen it.
    """
    others = taken_over_by(asker, kind)
    return others | Person.objects.filter(pk=asker.pk) if asker.has_role(Role.ADMINISTRATOR) else others


def may_take_over(asker: Any, kind: str) -> bool:
    """Whether ``asker`` may take over records of a kind at all."""
    return _active(asker) and (asker.has_role(Role.ADMINISTRATOR) or (kind in EXAMINED_KINDS and is_assessor(asker)))


def can_withdraw_taken_over(asker: Any, subject: Person, recorded_by: int) -> bool:
    """Whether ``asker`` may withdraw a record taken over for ``subject``: administrators, and who recorded it."""
    return _active(asker) and asker.pk != subject.pk and (can_correct_ledger(asker, subject) or asker.pk == recorded_by)


def can_release_attempts(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may release a further re-sit for ``subject``: never for oneself."""
    return (
        _active(asker) and asker.pk != subject.pk and asker.has_role(*RELEASE_ROLES) and can_see_person(asker, subject)
    )


def can_download_certificate(asker: Any, holder: Person) -> bool:
    """Whether ``asker`` may download the certificate of ``holder``: the holder, managers in sight, network roles."""
    if not _active(asker):
        return False
    return asker.pk == holder.pk or (may_list_certificates(asker) and can_see_person(asker, holder))


def may_list_certificates(person: Any) -> bool:
    """Whether the list of certificates is open to ``person``: managers, network roles."""
    return _active(person) and person.has_role(*CERTIFICATE_ROLES)


def can_open_evidence(asker: Any, subject: Person) -> bool:
    """Whether ``asker`` may open papers and checklists of ``subject``: the person, managers in sight, network roles."""
    return can_download_certificate(asker, subject)


def can_open_practical(asker: Any, signed: Any) -> bool:
    """Whether ``asker`` may open a signed checklist: whoever may open the person's evidence, and who signed it."""
    return (is_assessor(asker) and signed.assessor_id == asker.pk) or can_open_evidence(asker, signed.person)


def evidence_open_to(asker: Any) -> PersonQuerySet:
    """Return the people whose evidence ``asker`` may open, see :func:`can_open_evidence`."""
    if not _active(asker):
        return Person.objects.none()
    return people_in_sight(asker) if may_list_certificates(asker) else Person.objects.filter(pk=asker.pk)


def can_read_key(asker: Any, subject: Person) -> bool:
    """Whether evidence of ``subject`` is shown to ``asker`` with the answer key: to nobody their own."""
    return asker.pk != subject.pk and can_open_evidence(asker, subject)


def may_survey(person: Any) -> bool:
    """Whether the skills matrix, the coverage and the list of allowed people are open to ``person``."""
    return _active(person) and person.has_role(*DUTY_ROLES)


def may_audit(person: Any) -> bool:
    """Whether the page "who was qualified on a day" is open to ``person``."""
    return _active(person) and person.has_role(*AS_OF_ROLES)


def may_keep_files(person: Any) -> bool:
    """Whether ``person`` keeps the files of anybody at all."""
    return _active(person) and person.has_role(*KEEPER_ROLES)


def is_assessor(person: Any) -> bool:
    """Whether the assessor's pages are open to ``person``; single checklists ask for an appointment besides."""
    return _active(person) and person.has_role(Role.ASSESSOR)


def candidates_in_sight(assessor: Any) -> PersonQuerySet:
    """Return whom an assessor may assess: the active people of the whole network the assessor belongs to.

    Assessors are few and travel; which equipment they may assess is what their appointment decides.
    """
    people = Person.objects.filter(is_active=True).exclude(pk=assessor.pk)
    if not is_assessor(assessor):
        return people.none()
    roots = {place.path[: Organisation.steplen] for place in assessor.places}
    network = Organisation.objects.filter(below(roots)).exclude(tier=Tier.CUSTOMER)
    return people.belonging_to(network, timezone.localdate())


def files_in_sight(asker: Any, day: dt.date | None = None) -> PersonQuerySet:
    """Return the active staff whose standing ``asker`` may survey; customers' people stay out of the matrix.

    Args:
        day: who worked in sight on this day; today by default.
    """
    people = people_in_sight(asker, day).filter(is_active=True)
    return people.belonging_to(Organisation.objects.exclude(tier=Tier.CUSTOMER), day or timezone.localdate())
