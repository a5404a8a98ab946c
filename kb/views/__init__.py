"""Reader's views of the knowledge base."""
