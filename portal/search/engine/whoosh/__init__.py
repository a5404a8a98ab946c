"""Whoosh engine, the default: Whoosh stores the index, this package evaluates queries over it.

Whoosh's own searcher walks a tree of matchers document by document. Here the postings of a term are decoded once for an
immutable segment and kept; what matches is a bit set (one Python integer), what scores is a sum over arrays. That makes
filters, exact counts and facets almost free and a sentence several times cheaper. Only Whoosh's storage API is used.
"""

from portal.search.engine.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
