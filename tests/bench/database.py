"""A database in memory for a bench: migrated, empty, gone when the process ends."""

import os

import django
from django.core.management import call_command


def in_memory() -> None:
    """Set Django up on it. Call before models are imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
