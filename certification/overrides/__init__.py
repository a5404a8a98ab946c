"""Overrides of the duty gate: approved for a few days, withdrawn, judged by the gate."""
