"""Make a backup, or prove one by restoring it into an empty place."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.operations.backup.databases import is_sqlite
from portal.operations.backup.errors import BackupError
from portal.operations.backup.making import make_backup
from portal.operations.backup.restoring import unpacked


class Command(BaseCommand):
    """``manage.py backup [--to FOLDER] [--verify FILE]``; the portal may run meanwhile."""

    help = "Write database, uploaded files and signing key into one archive. The portal may run meanwhile."

    def add_arguments(self, parser: Any) -> None:
        """Where to, or which to prove."""
        parser.add_argument("--to", type=Path, default=None, help="folder; BACKUP_DIR by default")
        parser.add_argument("--verify", type=Path, metavar="FILE", help="restore this backup into an empty place")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        try:
            if options["verify"]:
                self._verify(options["verify"].resolve())
            else:
                self.stdout.write(str(make_backup(options["to"])))
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _verify(self, path: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="verify-") as place:
            if not is_sqlite():
                with unpacked(path, Path(place)) as (_staging, manifest):
                    self.stdout.write(f"{path.name}: whole, {manifest['media']} files. Restore the dump to prove it.")
                return
            environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            environment |= {"VAR_DIR": place, "DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": ""}
            environment |= {"PYTHONPATH": str(settings.BASE_DIR), "SEARCH_URL": f"whoosh://{place}/search"}
            command = [sys.executable, "-m", "django", "restore", str(path)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(done.stderr.strip().rpartition("CommandError: ")[2])
        self.stdout.write(done.stdout.strip())
