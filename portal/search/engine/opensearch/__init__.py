"""The engine for several hosts: an OpenSearch cluster that is given ready tokens; an optional extra (opensearch-py).

    SEARCH_URL=opensearch://user:password@search.example.com:9200/dutyready        (plain HTTP)
    SEARCH_URL=opensearch+https://user:password@search.example.com:9200/dutyready

The last part begins the names of its indexes. No server can be had where this is developed: its requests are checked by
an imitation that knows the documented API and refuses all else (`tests/portal/search/opensearch_server.py`).
"""

from portal.search.engine.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
