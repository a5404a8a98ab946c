"""Load schemes with all they name in one statement: a row a requirement, the rest as JSON beside it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONArray

from certification.enums import SchemeEffect
from certification.models import Requirement, Scheme, SchemeScope, SchemeTask, WorkStop
from certification.requirements.prepared import Keys
from certification.requirements.rows import instance, statements
from certification.schemes.progress import REQUIREMENT_RELATIONS
from portal.access.once import is_reading_once, once
from portal.access.together import JsonRows
from portal.bar.earlier import COLUMNS
from portal.models import BarChange, EquipmentCategory, EquipmentModel, PortalSettings


@dataclass(frozen=True)
class Loaded:
    """Schemes with tasks, scopes and requirements loaded.

    Args:
        positions: the positions that require each scheme.
        expiring_days: the setting read with them; None when there was no scheme to read it with.
        stops: rows of stops of work read with them, see ``certification.stops.judging``; none without a scheme.
        unsettled: rows of changes of the bar that wait, see ``portal.bar.earlier``; none without a scheme.
    """

    schemes: list[Scheme]
    positions: dict[int, frozenset[int]]
    expiring_days: int | None
    stops: list[list[Any]]
    unsettled: list[list[Any]]


def _columns(model: type[Model], path: str) -> list[str]:
    return [f"{path}{field.attname}" for field in model._meta.concrete_fields]


RELATED: dict[str, type[Model]] = {
    name: Requirement._meta.get_field(name).related_model for name in REQUIREMENT_RELATIONS
}
# Every part of a row: who it is and which columns it has there.
PARTS: dict[str, list[str]] = {
    "": _columns(Scheme, ""),
    "requirements": _columns(Requirement, "requirements__"),
    **{name: _columns(model, f"requirements__{name}__") for name, model in RELATED.items()},
}
_SCOPE = ("pk", "category_id", "category__path", "category__name", "model_id", "model__name", "model__category_id")
_STOP = ("pk", "category__path", "model_id", "region__path", "starts_on", "recorded_at", "reason")
_LIFT = ("lift__resumes_on", "lift__recorded_at")
_MODEL_CATEGORY = ("model__category__path", "model__category__name")


@dataclass(frozen=True)
class Subjects:
    """What schemes are wanted for: machines and posts."""

    models: Collection[EquipmentModel] = ()
    positions: Collection[int] = ()

    def keys(self) -> dict[str, Collection[Any]]:
        """Return the keys the statement names: of the models, the paths of categories above them, of the positions."""
        step = EquipmentCategory.steplen
        paths = [model.category.path for model in self.models]
        above = {path[:length] for path in paths for length in range(step, len(path) + 1, step)}
        return {"models": [model.pk for model in self.models], "paths": above, "positions": self.positions}


def load_in_force(about: Subjects | None = None) -> Loaded:
    """Read the schemes in force in the order of their codes: one query, however many there are.

    Args:
        about: only those that may bear on these machines and posts; more may be found, never fewer.
    """
    if is_reading_once() and about is not None:
        # More are found than asked for, and read once for the whole page.
        return load_in_force()
    return once("schemes in force", lambda: _load(about))


def _load(about: Subjects | None) -> Loaded:
    keys = about.keys() if about else {}
    found: dict[int, Scheme] = {}
    positions: dict[int, frozenset[int]] = {}
    expiring, stops, unsettled = None, [], []
    for values in statements.run(("schemes", about is not None), partial(_rows, about is not None), **keys):
        *cells, tasks, scopes, required, expiring, stops, unsettled = values
        parts = _split(cells)
        key = parts[""]["id"]
        if key not in found:
            found[key] = _scheme(parts[""], tasks, scopes)
            positions[key] = frozenset(position for (position,) in required)
        if parts["requirements"]["id"] is not None:
            found[key]._loaded_requirements.append(_requirement(found[key], parts))  # type: ignore[attr-defined]
    return Loaded(list(found.values()), positions, expiring, stops, unsettled)


def _rows(narrowed: bool) -> QuerySet[Any]:
    schemes = Scheme.objects.in_force().filter(_reaching() if narrowed else Q())
    columns = [column for part in PARTS.values() for column in part]
    listed = {
        "listed_tasks": _listed(SchemeTask, "pk", "task"),
        "listed_scopes": _listed(SchemeScope, *_SCOPE, *_MODEL_CATEGORY),
        "listed_positions": _listed(Scheme.positions.through, "position_id"),
        "expiring": Subquery(PortalSettings.objects.order_by("pk").values("expiring_days")[:1]),
        "stops": _stops(),
        "unsettled": _unsettled(),
    }
    ordered = schemes.order_by("code", "requirements__order", "requirements__pk")
    return ordered.annotate(**listed).values_list(*columns, *listed)


def _reaching() -> Q:
    scopes = SchemeScope.objects.filter(
        Q(model__in=Keys("models", BigIntegerField())) | Q(category__path__in=Keys("paths", CharField()))
    )
    posts = Scheme.positions.through.objects.filter(position__in=Keys("positions", BigIntegerField()))
    everywhere = Q(effect=SchemeEffect.CONDITION) & ~Q(pk__in=SchemeScope.objects.order_by().values("scheme"))
    named = [rows.order_by().values("scheme") for rows in (scopes, posts)]
    reaching = Q(pk__in=named[0]) | Q(pk__in=named[1])
    # Higher levels of a track do for the lower ones, whatever they are for themselves.
    tracks = Scheme.objects.filter(reaching).exclude(track="").order_by().values("track")
    return reaching | everywhere | (~Q(track="") & Q(track__in=tracks))


def _listed(model: type[Model], *columns: str) -> JsonRows:
    rows = model._base_manager.filter(scheme=OuterRef("pk")).order_by("pk")
    return JsonRows(rows.annotate(row=JSONArray(*map(F, columns))).values("row"))


def _stops() -> JsonRows:
    """Return every stop of work, whatever the scheme: lifted ones answer for past days."""
    return JsonRows(WorkStop.objects.order_by("pk").annotate(row=JSONArray(*map(F, (*_STOP, *_LIFT)))).values("row"))


def _unsettled() -> JsonRows:
    """Return the changes of the bar that wait for a second person, whatever the scheme; mostly none."""
    waiting = BarChange.objects.waiting().order_by("pk")
    return JsonRows(waiting.annotate(row=JSONArray(*map(F, COLUMNS))).values("row"))


def _split(cells: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """Return the cells of a row by part and column."""
    parts, place = {}, 0
    for name, columns in PARTS.items():
        parts[name] = {column.rpartition("__")[2]: cells[place + offset] for offset, column in enumerate(columns)}
        place += len(columns)
    return parts


def _scheme(values: Mapping[str, Any], tasks: list[list[Any]], scopes: list[list[Any]]) -> Scheme:
    scheme = instance(Scheme, **values)
    scheme._loaded_requirements = []  # type: ignore[attr-defined]
    named = [instance(SchemeTask, id=key, scheme_id=scheme.pk, task=task) for key, task in tasks]
    _keep(scheme, "tasks", SchemeTask, named)
    _keep(scheme, "scopes", SchemeScope, [_scope(scheme, *scope) for scope in scopes])
    return scheme


def _scope(
    scheme: Scheme,
    key: int,
    category: int | None,
    path: str | None,
    name: str | None,
    model: int | None,
    model_name: str | None,
    above: int | None,
    above_path: str | None,
    above_name: str | None,
) -> SchemeScope:
    scope = instance(SchemeScope, id=key, scheme_id=scheme.pk, category_id=category, model_id=model)
    scope.scheme = scheme
    scope.category = instance(EquipmentCategory, id=category, path=path, name=name) if category else None
    scope.model = instance(EquipmentModel, id=model, name=model_name, category_id=above) if model else None
    if scope.model is not None:
        scope.model.category = instance(EquipmentCategory, id=above, path=above_path, name=above_name)
    return scope


def _requirement(scheme: Scheme, parts: Mapping[str, Mapping[str, Any]]) -> Requirement:
    requirement = instance(Requirement, **parts["requirements"])
    requirement.scheme = scheme
    for name, model in RELATED.items():
        values = parts[name]
        setattr(requirement, name, None if values["id"] is None else instance(model, **values))
    return requirement


def _keep(scheme: Scheme, name: str, model: type[Model], rows: Iterable[Model]) -> None:
    """Put rows where ``prefetch_related`` puts them."""
    fetched: Any = QuerySet(model=model)
    fetched._result_cache = list(rows)
    fetched._prefetch_done = True
    scheme.__dict__.setdefault("_prefetched_objects_cache", {})[name] = fetched
