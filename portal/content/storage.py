"""Where uploads are kept: a file is there whole or not at all."""

from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Django's, which leaves half a file behind when the disk fills up while it is written."""

    def _save(self, name: str, content: Any) -> str:
        """Write the file and return its name.

        Raises:
            OSError: it could not be written; nothing of it is left.
        """
        was_there = self.exists(name)
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
        except OSError:
            if not was_there:
                with suppress(OSError):
                    self.delete(name)
            raise
        return saved
