"""Seats of a session, its waitlist, offers and approvals."""
