"""The meetings of a session: their spans and rooms."""
