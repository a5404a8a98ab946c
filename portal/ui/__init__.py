"""Form fields and filters shared by pages and the admin."""
