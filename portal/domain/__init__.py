"""Verbs of the ground floor: what happens to organisations, people and machines."""
