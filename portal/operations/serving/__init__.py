"""Serve the portal on one machine: a supervisor without Django, one process that loads Django, and its forks."""
