"""Refusals about sessions, seats and attendance; each says what happened, what was kept and what to do next."""
