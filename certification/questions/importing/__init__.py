"""Questions from files of other programs into a bank, all of them or none, and out of it again."""
