"""Sight as filters of querysets: which rows of a model belong to whom or where, and which audit events tell of them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from portal.access.sight import NETWORK_ROLES, organisations_in_sight, people_in_sight
from portal.models import AccessToken, Assignment, AuditEvent, EquipmentUnit, Organisation, Person, Position
from portal.registry.sight import Narrow, narrowed, register_sight


def of_people(*paths: str) -> Narrow:
    """Return the filter of rows whose people, e.g. ``"person"``, are all in sight; rows of nobody stay."""

    def narrow(rows: QuerySet, user: Any) -> QuerySet:
        return rows.filter(*(_seen(path, people_in_sight(user)) for path in paths))

    return narrow


def of_places(*paths: str) -> Narrow:
    """Return the filter of rows whose organisations, e.g. ``"organisation"``, are all in sight; rows of none stay."""

    def narrow(rows: QuerySet, user: Any) -> QuerySet:
        return rows.filter(*(_seen(path, organisations_in_sight(user)) for path in paths))

    return narrow


def sees_everything(user: Any) -> bool:
    """Whether nothing is outside the sight of ``user``: superusers, and network roles of the whole network."""
    if user.is_superuser:
        return True
    return user.has_role(*NETWORK_ROLES) and not _hidden(Organisation, _organisations, user).exists()


def audit_events_in_sight(user: Any) -> QuerySet[AuditEvent]:
    """Return the audit events ``user`` may read: neither by nor about what is outside their sight."""
    events = AuditEvent.objects.all()
    if sees_everything(user):
        return events
    events = events.filter(_seen("actor", people_in_sight(user)))
    for model, hidden in hidden_records(user):
        events = events.exclude(subject__in=_names(model._meta.label_lower, hidden))
    return events


def hidden_records(user: Any) -> Iterator[tuple[type[Model], QuerySet]]:
    """Yield each narrowed model with its rows outside the sight of ``user``."""
    for model, narrow in narrowed.items():
        yield model, _hidden(model, narrow, user)


def _hidden(model: type[Model], narrow: Narrow, user: Any) -> QuerySet:
    rows = model._base_manager.all()
    return rows.exclude(pk__in=narrow(rows, user).order_by().values("pk"))


def _names(label: str, rows: QuerySet) -> QuerySet:
    """Return the names of rows as they stand in subjects, e.g. ``portal.person:7``."""
    name = Concat(Value(f"{label}:"), Cast("pk", CharField()), output_field=CharField())
    return rows.order_by().annotate(subject_name=name).values("subject_name")


def _seen(path: str, seen: QuerySet) -> Q:
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": seen.order_by().values("pk")})


def _people(rows: QuerySet, user: Any) -> QuerySet:
    return rows.filter(pk__in=people_in_sight(user).values("pk"))


def _organisations(rows: QuerySet, user: Any) -> QuerySet:
    return rows.filter(pk__in=organisations_in_sight(user).values("pk"))


def _links(rows: QuerySet, user: Any) -> QuerySet:
    """Leave links of people in sight that lead to machines, people and places in sight."""
    subjects = {"unit": EquipmentUnit, "person": Person, "trainer": Person, "organisation": Organisation}
    rows = of_people("person")(rows, user)
    for prefix, model in subjects.items():
        rows = rows.exclude(subject__in=_names(prefix, _hidden(model, narrowed[model], user)))
    return rows


def register() -> None:
    """Register the sight of the ground floor's models."""
    register_sight(Person, _people)
    register_sight(Organisation, _organisations)
    register_sight(Position, of_places("organisation"))
    register_sight(Assignment, of_places("organisation"))
    register_sight(EquipmentUnit, of_places("customer"))
    register_sight(AccessToken, _links)
