"""Load the demo organisation; safe to run again."""

import logging
import time
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.signal_handlers import disable_reference_index_auto_update

from portal.errors import DomainError
from portal.registry.demo import ALL_ARTICLES, DEFAULT_PROFILE, DemoLoader, loaders, package, profiles


class Command(BaseCommand):
    """Run the registered demo loaders over a profile, lower layers first, then rebuild the search index."""

    help = "Load a demo organisation (idempotent): network, people, machines, knowledge, courses, certificates."

    def add_arguments(self, parser: Any) -> None:
        """Which organisation, and what else."""
        parser.add_argument("--profile", choices=profiles(), default=DEFAULT_PROFILE, help="whose data to load")
        parser.add_argument(
            "--all-articles",
            action="store_true",
            help="also the fault articles of other trades with their equipment and manuals, for benches of search",
        )
        parser.add_argument("--no-index", action="store_true", help="do not rebuild the search index (for tests)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the loaders and print a summary.

        Raises:
            CommandError: this portal belongs to another organisation.
        """
        quiet = options["verbosity"] == 0
        # Each act is in the audit log; repeating hundreds of them on the console would hide the summary.
        for name in ("portal.access.audit", "wagtail"):
            logging.getLogger(name).setLevel(logging.WARNING)
        packages = [options["profile"], *([ALL_ARTICLES] if options["all_articles"] else [])]
        started = time.monotonic()
        try:
            results = self._load(packages, quiet)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("rebuild_references_index", verbosity=0)
        if not options["no_index"] and "rebuild_search" in get_commands():
            call_command("rebuild_search", verbosity=options["verbosity"])
        if quiet:
            return
        for name, counts, seconds in results:
            facts = ", ".join(f"{count} {noun}" for noun, count in counts.items())
            self.stdout.write(f"  {name:<16} {seconds:5.1f} s  {facts}")
        self.stdout.write(self.style.SUCCESS(f"Demo data is in place ({time.monotonic() - started:.0f} s)."))

    def _load(self, packages: list[str], quiet: bool) -> list[tuple[str, dict[str, int], float]]:
        """Run each package's steps; return name, counts and seconds of each."""
        results = []
        steps = [(name, loader) for name in packages for loader in _loaders_of(name)]
        progress = tqdm(steps, unit="step", disable=quiet or None)
        # One pass over the references at the end instead of a queued task for each of the hundreds of records.
        with disable_reference_index_auto_update():
            for name, loader in progress:
                progress.set_description(loader.name)
                begun = time.monotonic()
                with package(name):
                    results.append((loader.name, loader.load(), time.monotonic() - begun))
        return results


def _loaders_of(name: str) -> list[DemoLoader]:
    with package(name):
        return loaders()
