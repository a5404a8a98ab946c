"""Rebuild the search indexes, or bring waiting changes in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from portal.search.engine import EngineError
from portal.search.indexing.indexes import ManagedIndex
from portal.search.indexing.repair import rebuild_broken
from portal.search.indexing.writer import rebuild_all, write_changes


class Command(BaseCommand):
    """`manage.py rebuild_search [--if-needed | --changes]`; searches go on meanwhile."""

    help = "Rebuild every search index beside the one in use and swap it in. Searches go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--if-needed", action="store_true", help="only what is missing, damaged or outdated")
        parser.add_argument("--changes", action="store_true", help="only bring waiting changes into the indexes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        try:
            if options["changes"]:
                self.stdout.write(f"{write_changes()} changes written")
                return
            rebuilt = self._rebuild(only_if_needed=options["if_needed"], quiet=options["verbosity"] == 0)
        except EngineError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"{len(rebuilt)} indexes rebuilt from {sum(rebuilt.values())} records")

    def _rebuild(self, *, only_if_needed: bool, quiet: bool) -> dict[str, int]:
        with tqdm(unit="rec", disable=quiet or None) as bar:
            last = ""

            def progress(index: ManagedIndex, done: int, total: int) -> None:
                nonlocal last
                if index.name != last:
                    bar.reset(total)
                    bar.set_description(index.name)
                    last = index.name
                bar.update(done - bar.n)

            return rebuild_broken(progress) if only_if_needed else rebuild_all(progress)
