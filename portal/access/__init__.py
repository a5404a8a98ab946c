"""Who may see and ask what, and how what they ask is read."""
