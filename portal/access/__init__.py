"""Permissions (sight, roles), audit log, rate limits, and parsing of dates and names."""
