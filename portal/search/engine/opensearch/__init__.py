"""OpenSearch engine for several hosts, given ready tokens; an optional extra (opensearch-py).

    SEARCH_URL=opensearch://user:password@search.example.com:9200/dutyready        (plain HTTP)
    SEARCH_URL=opensearch+https://user:password@search.example.com:9200/dutyready

The last part is the prefix of its index names. Tests run against an imitation that knows the documented API and
refuses all else (`tests/portal/search/opensearch_server.py`).
"""

from portal.search.engine.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
