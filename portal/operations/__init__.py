"""Operation: regular jobs and the triggers that keep evidence."""
