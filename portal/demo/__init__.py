"""Demo data: a package of records per profile, and the loaders of the ground floor."""
