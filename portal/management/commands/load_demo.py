"""Load the demo organisation; safe to run again."""

import logging
import time
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from tqdm import tqdm
from wagtail.signal_handlers import disable_reference_index_auto_update

from portal.demo import loaders


class Command(BaseCommand):
    """Run every registered demo loader, lower layers first, then rebuild the search index."""

    help = "Load the demo organisation (idempotent): network, people, machines, knowledge, courses, certificates."

    def add_arguments(self, parser: Any) -> None:
        """Only the index can be left out, for tests."""
        parser.add_argument("--no-index", action="store_true", help="do not rebuild the search index")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say what is there."""
        quiet = options["verbosity"] == 0
        # Each act is in the audit log; repeating hundreds of them on the console would hide the summary.
        for name in ("portal.access.audit", "wagtail"):
            logging.getLogger(name).setLevel(logging.WARNING)
        results = []
        started = time.monotonic()
        progress = tqdm(loaders(), unit="step", disable=quiet or None)
        # One pass over the references at the end instead of a queued task for each of the hundreds of records.
        with disable_reference_index_auto_update():
            for loader in progress:
                progress.set_description(loader.name)
                begun = time.monotonic()
                results.append((loader.name, loader.load(), time.monotonic() - begun))
        call_command("rebuild_references_index", verbosity=0)
        if not options["no_index"] and "rebuild_search" in get_commands():
            call_command("rebuild_search", verbosity=options["verbosity"])
        if quiet:
            return
        for name, counts, seconds in results:
            facts = ", ".join(f"{count} {noun}" for noun, count in counts.items())
            self.stdout.write(f"  {name:<16} {seconds:5.1f} s  {facts}")
        self.stdout.write(self.style.SUCCESS(f"Demo data is in place ({time.monotonic() - started:.0f} s)."))
