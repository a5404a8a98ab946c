"""A backend for Wagtail's search API (modelsearch) on the portal's engine.

    WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "portal.search.backend",
            "INDEX": "content",
            "WRITER": "portal.search.indexing.outbox.enqueue",
            "CATCH_UP": "portal.search.indexing.writer.family_changes_from_now",
        }
    }

With a `WRITER`, what is added or deleted through the API is handed to it instead of being written at once, so that one
background writer serves all indexes and no request waits for it.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.module_loading import import_string
from modelsearch.backends.base import BaseSearchBackend, get_model_root

from portal.search.backend.compiler import EngineAutocompleteQueryCompiler, EngineSearchQueryCompiler
from portal.search.backend.index import EngineIndex, EngineRebuilder
from portal.search.backend.results import EngineSearchResults


class EngineSearchBackend(BaseSearchBackend):
    """Wagtail's search API on the engine named by `SEARCH_URL`.

    Params:
        INDEX: beginning of the names of its indexes; `content` by default.
        CATCH_UP: path of a function that takes an index about to be rebuilt and returns a `CatchUp` for it.
        WRITER: path of a function that takes instances and sees to it that they are written, or deleted if they are
            gone.
    """

    query_compiler_class = EngineSearchQueryCompiler
    autocomplete_query_compiler_class = EngineAutocompleteQueryCompiler
    index_class = EngineIndex
    results_class = EngineSearchResults
    rebuilder_class = EngineRebuilder
    catch_indexing_errors = True

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.index_name: str = params.get("INDEX", "content")
        self.writer: str = params.get("WRITER", "")
        self.catch_up: str = params.get("CATCH_UP", "")

    def get_index_for_model(self, model: type[Model]) -> EngineIndex:
        """Return the index of the model's family."""
        return EngineIndex(self, get_model_root(model))

    def add(self, obj: Model) -> None:
        """Add an instance, now or through the writer."""
        if self.writer:
            import_string(self.writer)([obj])
        else:
            super().add(obj)

    def add_bulk(self, model: type[Model], obj_list: Iterable[Model]) -> None:
        """Add instances of one model, now or through the writer."""
        if self.writer:
            import_string(self.writer)(obj_list)
        else:
            super().add_bulk(model, obj_list)

    def delete(self, obj: Model) -> None:
        """Delete an instance, now or through the writer."""
        if self.writer:
            import_string(self.writer)([obj])
        else:
            super().delete(obj)


SearchBackend = EngineSearchBackend
