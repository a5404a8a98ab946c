"""Search: engine, analysis, understanding, page and API."""
