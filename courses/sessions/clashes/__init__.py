"""What speaks against holding a session there and then, and what becomes of it."""
