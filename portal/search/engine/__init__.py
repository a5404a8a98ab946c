"""Full-text engines behind one interface, chosen by `SEARCH_URL`."""

from portal.search.engine.base import (
    Completion,
    Engine,
    EngineBusy,
    EngineDocument,
    EngineError,
    EngineQuery,
    EngineResults,
    EngineUnavailable,
    FieldKind,
    FieldSpec,
    Health,
    HealthState,
    Hit,
    Schema,
    SortKey,
)
from portal.search.engine.registry import get_engine

__all__ = [
    "Completion",
    "Engine",
    "EngineBusy",
    "EngineDocument",
    "EngineError",
    "EngineQuery",
    "EngineResults",
    "EngineUnavailable",
    "FieldKind",
    "FieldSpec",
    "Health",
    "HealthState",
    "Hit",
    "Schema",
    "SortKey",
    "get_engine",
]
