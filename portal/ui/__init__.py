"""What pages and forms are made of."""
