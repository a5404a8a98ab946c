"""Stops of work on equipment in a region: ordered, lifted, judged by the gate."""
