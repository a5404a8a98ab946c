"""Sessions scheduled, moved, opened, closed and cancelled."""
