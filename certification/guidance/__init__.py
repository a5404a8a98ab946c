"""师带徒: a learner works under a named, qualified person from one day to another."""
