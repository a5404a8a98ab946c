"""Which engine `SEARCH_URL` names, and what the packages below search may import."""

import ast
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.search import analysis, backend, engine
from portal.search.engine import get_engine
from portal.search.engine.opensearch import OpenSearchEngine
from portal.search.engine.registry import close_engines
from portal.search.engine.tantivy import TantivyEngine
from portal.search.engine.whoosh import WhooshEngine
from tests.portal.search.engines_of_tests import SCHEMA

#: The packages that can be published on their own.
PACKAGES = (analysis, backend, engine)


@pytest.fixture(autouse=True)
def closed():
    yield
    close_engines()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("whoosh://{}", WhooshEngine),
        ("tantivy://{}", TantivyEngine),
        ("opensearch://host/{}", OpenSearchEngine),
        ("opensearch+https://host/{}", OpenSearchEngine),
    ],
)
def test_the_address_names_the_engine(url, kind, settings, tmp_path):
    settings.SEARCH_URL = url.format(tmp_path)
    found = get_engine("documents", SCHEMA)
    assert type(found) is kind
    assert get_engine("documents", SCHEMA) is found


def test_an_index_of_an_embedded_engine_is_a_directory_of_its_name(settings, tmp_path):
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    get_engine("documents", SCHEMA).rebuild([])
    assert [path.name for path in tmp_path.iterdir()] == ["documents"]


def test_the_address_of_a_cluster_begins_the_names_of_its_indexes(settings):
    settings.SEARCH_URL = "opensearch://host/Branch"
    assert get_engine("documents", SCHEMA).alias == "branch-documents"
    settings.SEARCH_URL = "opensearch://host"
    assert get_engine("documents", SCHEMA).alias == "search-documents"


def test_an_unknown_engine_is_named(settings):
    settings.SEARCH_URL = "solr://host/core"
    with pytest.raises(ImproperlyConfigured, match="solr"):
        get_engine("documents", SCHEMA)


@pytest.mark.parametrize(("scheme", "library"), [("tantivy", "tantivy"), ("opensearch", "opensearchpy")])
def test_an_engine_without_its_library_says_so(scheme, library, settings, monkeypatch, tmp_path):
    for name in [name for name in sys.modules if name.startswith(f"portal.search.engine.{scheme}")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(engine, scheme)
    monkeypatch.setitem(sys.modules, library, None)
    settings.SEARCH_URL = f"{scheme}://{tmp_path}"
    with pytest.raises(ImproperlyConfigured, match=f"optional extra.*{library}"):
        get_engine("documents", SCHEMA)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_engine_analysis_and_backend_import_nothing_else_of_the_portal(package):
    allowed = tuple(f"{other.__name__}." for other in PACKAGES)
    foreign = {
        name
        for path in Path(package.__path__[0]).rglob("*.py")
        for name in imported(path, package)
        if name.partition(".")[0] == "portal" and not f"{name}.".startswith(allowed)
    }
    assert foreign == set()


def imported(path: Path, package) -> set[str]:
    """Return the absolute names of the modules a file of a package imports."""
    place = [*package.__name__.split("."), *path.relative_to(package.__path__[0]).parent.parts]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = place[: len(place) - node.level + 1] if node.level else []
            names.add(".".join([*above, *filter(None, [node.module])]))
    return names
