"""Query conditions for records and audit events in a person's sight."""

from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import APIToken

from portal.access.sight import BRANCH_ROLES, NETWORK_ROLES, organisations_in_sight, people_in_sight
from portal.models import (
    AccessToken,
    Assignment,
    AssignmentRecord,
    AuditEvent,
    EquipmentUnit,
    ImportRun,
    Organisation,
    Person,
    Position,
)
from portal.registry.sight import (
    Seen,
    closed_rows,
    closed_to,
    linked,
    out_of_sight,
    register_choosable,
    register_linked,
    register_sight,
    seen_rows,
)


def of_people(path: str) -> Seen:
    """Return the condition of rows whose person, e.g. ``"person"``, is in sight; rows of nobody are."""
    return lambda user: _seen(path, people_in_sight(user))


def of_places(path: str) -> Seen:
    """Return the condition of rows whose organisation, e.g. ``"customer"``, is in sight; rows of none are."""
    return lambda user: _seen(path, organisations_in_sight(user))


def sees_everything(user: Any) -> bool:
    """Whether nothing is outside the sight of ``user``: superusers, and network roles of the whole network."""
    if user.is_superuser:
        return True
    return user.has_role(*NETWORK_ROLES) and not out_of_sight(Organisation, user).exists()


def audit_events_in_sight(user: Any) -> QuerySet[AuditEvent]:
    """Return the audit events ``user`` may read: neither by nor about what is outside their sight.

    What is closed to all but a few stays so for those who see everything else.
    """
    events = AuditEvent.objects.all()
    for model in closed_rows:
        events = events.exclude(subject__in=_names(model._meta.label_lower, closed_to(model, user)))
    if sees_everything(user):
        return events
    events = events.filter(_seen("actor", people_in_sight(user)))
    for model in seen_rows:
        events = events.exclude(subject__in=_names(model._meta.label_lower, out_of_sight(model, user)))
    return events


def _names(label: str, rows: QuerySet) -> QuerySet:
    """Return the names of rows as they stand in subjects, e.g. ``portal.person:7``."""
    name = Concat(Value(f"{label}:"), Cast("pk", CharField()), output_field=CharField())
    return rows.annotate(subject_name=name).values("subject_name")


def _seen(path: str, seen: QuerySet) -> Q:
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": seen.order_by().values("pk")})


def _people(user: Any) -> Q:
    return Q(pk__in=people_in_sight(user).order_by().values("pk"))


def _organisations(user: Any) -> Q:
    return Q(pk__in=organisations_in_sight(user).order_by().values("pk"))


def _posts_to_give(user: Any) -> Q:
    """Return the condition of posts in sight and of those kept above one's own branch, for people of the branch.

    Headquarters often keep one list of posts for the whole network; who gives them does not change them.
    """
    given = of_places("organisation")(user)
    if not user.has_role(*BRANCH_ROLES):
        return given
    step = Organisation.steplen
    above = {place.path[:end] for place in user.places for end in range(step, len(place.path), step)}
    return given | Q(organisation__path__in=above)


def _links(user: Any) -> Q:
    """Return the condition of links of people in sight that lead to machines, people and places in sight."""
    seen = of_people("person")(user)
    for word, model in linked.items():
        seen &= ~Q(subject__in=_names(word, out_of_sight(model, user)))
    return seen


def register() -> None:
    """Register the sight of the ground floor's models."""
    register_sight(Person, _people)
    register_sight(Organisation, _organisations)
    register_sight(Position, of_places("organisation"))
    register_choosable(Position, _posts_to_give)
    register_sight(Assignment, of_places("organisation"))
    register_sight(AssignmentRecord, of_places("organisation"))
    register_sight(EquipmentUnit, of_places("customer"))
    register_sight(ImportRun, of_people("created_by"))
    register_sight(AccessToken, _links)
    register_sight(APIToken, of_people("user"))
    register_linked("unit", EquipmentUnit)
    register_linked("person", Person)
    register_linked("trainer", Person)
    register_linked("organisation", Organisation)
