"""Pages of certification: they ask queries and verbs, and render."""
