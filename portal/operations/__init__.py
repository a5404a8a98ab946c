"""Operation: serving, regular jobs, backups and the triggers that keep evidence."""
