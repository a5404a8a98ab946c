"""Tiles of training on the home page, the reader's own page and the file of a machine."""

from django.db.models import Q
from django.http import HttpRequest

from courses.enums import SessionState
from courses.models import Session
from courses.sessions.attendance.hours import progress_of
from courses.sessions.permissions import can_schedule, managed_organisations, visible_sessions
from courses.sessions.queries import ahead, for_lists, next_session_of, next_wait_of, people_present
from courses.sessions.seats.leavers import sessions_of_leavers
from portal.equipment.queries import may_see_customer
from portal.models import EquipmentUnit
from portal.registry.tiles import Tile

#: Sessions without a trainer that the home page names.
LEFT_SHOWN = 5
#: Trainings that the file of a machine names.
TRAININGS_SHOWN = 5


def next_session_tile(request: HttpRequest) -> Tile | None:
    """Show the reader's next session, what they wait for besides, and for a trainer the next one to teach."""
    person = request.user
    if not person.is_authenticated:
        return None
    teaching = ahead(for_lists(person.sessions_taught.all())).first() if can_schedule(person) else None
    session, waiting = next_session_of(person), next_wait_of(person)
    context = {"session": session, "waiting": waiting if waiting != session else None, "teaching": teaching}
    return Tile("courses/sessions/tiles/next_session.html", context)


def without_trainer_tile(request: HttpRequest) -> Tile | None:
    """Tell whoever arranges the training of a branch that a trainer has left who is to teach there."""
    if not can_schedule(request.user):
        return None
    left = sessions_of_leavers().filter(organisation__in=managed_organisations(request.user).values("pk"))
    sessions = list(left.select_related("trainer")[: LEFT_SHOWN + 1])
    context = {"sessions": sessions[:LEFT_SHOWN], "has_more": len(sessions) > LEFT_SHOWN}
    return Tile("courses/sessions/tiles/without_trainer.html", context) if sessions else None


def hours_tile(request: HttpRequest) -> Tile | None:
    """Show the credited hours on one's own page; nothing to those who were never trained."""
    progress = progress_of(request.user)
    return Tile("courses/sessions/tiles/hours.html", {"progress": progress}) if progress else None


def unit_trainings_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Show, to who may look the machine up, what its customer's people were taught about it, the newest first."""
    if unit.customer_id is None or not may_see_customer(request.user, unit):
        return None
    held = Session.objects.filter(state=SessionState.CLOSED, organisation=unit.customer_id)
    about = Q(modules__equipment=unit.model_id) | Q(modules__equipment=None, modules__category=unit.model.category_id)
    sessions = list(
        held.filter(about).select_related("trainer").order_by("-starts_at", "-pk").distinct()[:TRAININGS_SHOWN]
    )
    counts = people_present(sessions)
    keys = [session.pk for session in sessions]
    opened = set(visible_sessions(request.user).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    for session in sessions:
        session.present, session.may_open = counts[session.pk], session.pk in opened
    return Tile("courses/sessions/tiles/unit_trainings.html", {"sessions": sessions}) if sessions else None
