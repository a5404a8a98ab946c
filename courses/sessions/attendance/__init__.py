"""Attendance of meetings and the hours credited for it."""
