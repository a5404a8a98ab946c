"""Restore a backup into this portal and prove it: rows, evidence, files, a search."""

from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.models import Person, PortalDocument, PortalImage
from portal.operations.backup.errors import BackupError
from portal.operations.backup.restoring import restore
from portal.registry.search import SearchDocument, sources
from portal.search.engine.registry import close_engines
from portal.search.results.service import search

LOOKED_AT = 50


class Command(BaseCommand):
    """``manage.py restore FILE [--force]``; stop the portal first."""

    help = "Put a backup in the place of this portal's state. Stop the portal first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Which, and whether over something."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a portal with people or files in it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        try:
            manifest = restore(options["file"].resolve(), force=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        connections.close_all()
        close_engines()
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("rebuild_search", verbosity=0, skip_checks=True)
        counts = manifest["database"]["counts"]
        self.stdout.write(
            f"{options['file'].name}: restored, {sum(counts.values())} rows in {len(counts)} tables, "
            f"{len(manifest['database']['evidence'])} tables of evidence unchanged, {manifest['media']} files, "
            f"{self._missing_files()} files missing; {self._searched()}"
        )

    def _missing_files(self) -> int:
        """Count documents and images whose file is not there."""
        kept = (PortalDocument, PortalImage)
        names = [name for model in kept for name in model.objects.values_list("file", flat=True)]
        return sum(not default_storage.exists(name) for name in names)

    def _searched(self) -> str:
        reader = Person.objects.filter(is_superuser=True, is_active=True).first() or AnonymousUser()
        for document in islice(_documents(), LOOKED_AT):
            if any(hit.ref == document.ref for hit in search(document.title, reader).hits):
                return f"a search for “{document.title}” finds it"
        return "nothing to search for"


def _documents() -> Any:
    for source in sources():
        for record in source.queryset()[:LOOKED_AT]:
            documents: list[SearchDocument] = list(source.documents(record))
            yield from documents[:1]
