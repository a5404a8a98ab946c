"""Back the portal up into one archive and restore it: database, uploaded files, signing key."""
