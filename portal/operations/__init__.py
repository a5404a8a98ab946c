"""Running the portal: what the database holds on to, jobs, backup and restore."""
