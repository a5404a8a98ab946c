"""Query understanding: parse a query, retrieve candidates from the engine, rank them, judge relevance."""
