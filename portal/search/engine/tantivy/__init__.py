"""Tantivy engine for one host beyond some 30,000 documents; an optional extra.

Same tokens, same interface, same tests; `SEARCH_URL=tantivy:///path` chooses it.
"""

from portal.search.engine.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
