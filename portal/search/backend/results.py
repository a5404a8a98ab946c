"""Lazy, sliceable search results that load model instances from the database."""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from modelsearch.backends.base import BaseSearchResults, FilterFieldError, get_model_root
from modelsearch.backends.database.fallback import DatabaseSearchResults

from portal.search.backend.degraded import database_facet, database_results
from portal.search.backend.filters import MAX_CONDITIONS
from portal.search.backend.mapping import filter_column, value_kind
from portal.search.backend.values import decode
from portal.search.engine import Engine, EngineError, EngineQuery

logger = logging.getLogger(__name__)

#: Instances fetched by one database query.
CHUNK = 500
#: Keys asked for when nobody gave a limit: all.
EVERYTHING = 10_000_000


class EngineSearchResults(BaseSearchResults):
    """Results of the portal's search backend."""

    supports_facet = True

    def _engine(self) -> Engine:
        engine: Engine = self.backend.get_index_for_model(get_model_root(self.model)).engine
        return engine

    def _question(self, engine: Engine, **options: Any) -> EngineQuery:
        compiler = self.query_compiler

        def rows_of(column: str) -> list[str]:
            return [found.term for found in engine.complete(column, "", MAX_CONDITIONS + 1)]

        return EngineQuery(compiler.expression(), where=compiler.where(rows_of), matched=False, **options)

    def _do_search(self) -> Iterator[Model]:
        limit = EVERYTHING if self.stop is None else self.stop - self.start
        if limit <= 0:
            return
        try:
            engine = self._engine()
            order = self.query_compiler.order()
            hits = engine.search(self._question(engine, limit=limit, offset=self.start, order=order)).hits
        except EngineError as error:
            found = self._from_database(error)
            yield from (found.annotate_score(self._score_field) if self._score_field else found)[self.start : self.stop]
            return
        for place in range(0, len(hits), CHUNK):
            chunk = hits[place : place + CHUNK]
            found = self.query_compiler.queryset.filter(pk__in=[hit.key for hit in chunk])
            if self.prefetch_related:
                found = found.prefetch_related(*self.prefetch_related)
            instances = {str(instance.pk): instance for instance in found}
            for hit in chunk:
                instance = instances.get(hit.key)
                if instance is not None:
                    if self._score_field:
                        setattr(instance, self._score_field, hit.score)
                    yield instance

    def _do_count(self) -> int:
        try:
            engine = self._engine()
            total = engine.search(self._question(engine, limit=0)).total
        except EngineError as error:
            return int(self._from_database(error)[self.start : self.stop].count())
        stop = total if self.stop is None else min(self.stop, total)
        return max(stop - self.start, 0)

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """Return the number of results for each value of a FilterField, most frequent first.

        Raises:
            FilterFieldError: the model has no such FilterField.
        """
        model = self.query_compiler.queryset.model
        field = self.query_compiler._get_filterable_field(field_name)
        if field is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". Please add '
                f"index.FilterField('{field_name}') to {model.__name__}.search_fields.",
                field_name=field_name,
            )
        column, kind = filter_column(model, (), field), value_kind(model, field)
        try:
            engine = self._engine()
            counts = engine.search(self._question(engine, limit=0, facets=(column,))).facets[column]
        except EngineError as error:
            return database_facet(self._from_database(error), field_name)
        return OrderedDict((decode(term, kind), count) for term, count in counts.items())

    def _from_database(self, error: EngineError) -> DatabaseSearchResults:
        """Return all results as the database finds them while the engine cannot answer."""
        logger.warning("Search of %s falls back to the database: %s", self.model._meta.label, error)
        return database_results(self.query_compiler, self.prefetch_related or ())
