"""Search: engine, analysis and backend below; query, indexing, results and analytics above."""
