"""Create the home page and load the starter lists: synonyms, and what apps registered."""

import logging
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.content.domain import make_home_page
from portal.models import StarterList
from portal.registry.starter import starters
from portal.search.query.starter_words import load_starter_words


class Command(BaseCommand):
    """Make the home page and load the starter lists; what was loaded once is never loaded again.

    A command and not a receiver of ``post_migrate``: that signal also follows every flush of a test database, and who
    migrates a portal that is in use does not expect its content to grow. ``make setup`` calls it after ``migrate``.
    """

    help = "Make the home page and load the starter lists (synonyms, holidays), once. Part of every set-up."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and print what was loaded."""
        # Wagtail logs each page; the summary is enough.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        make_home_page()
        added = load_starter_words()
        if options["verbosity"] and added:
            self.stdout.write(f"{sum(added.values())} groups of synonyms loaded")
        for name, load in starters().items():
            with transaction.atomic():
                _list, is_new = StarterList.objects.get_or_create(name=name)
                count = load() if is_new else 0
            if options["verbosity"] and count:
                self.stdout.write(f"{name}: {count} records loaded")
