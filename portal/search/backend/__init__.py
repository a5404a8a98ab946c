"""A backend for Wagtail's search API (modelsearch) on the portal's engine.

    WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backend", "INDEX": "content", "AUTO_UPDATE": False}}

`AUTO_UPDATE` is off because changes go through the search outbox (see `portal.search.outbox`), one writer for all indexes.
"""

from typing import Any

from django.db.models import Model
from modelsearch.backends.base import BaseSearchBackend, get_model_root

from .compiler import EngineAutocompleteQueryCompiler, EngineSearchQueryCompiler
from .index import EngineIndex, EngineRebuilder
from .results import EngineSearchResults


class EngineSearchBackend(BaseSearchBackend):
    """Wagtail's search API on the engine named by `SEARCH_URL`.

    Params:
        INDEX: beginning of the names of its indexes; `content` by default.
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

    def get_index_for_model(self, model: type[Model]) -> EngineIndex:
        """Return the index of the model's family."""
        return EngineIndex(self, get_model_root(model))


SearchBackend = EngineSearchBackend
