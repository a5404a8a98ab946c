"""Forms of sessions: what is scheduled, who was there, and seats."""
