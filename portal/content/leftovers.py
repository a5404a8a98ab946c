"""Clear uploads that were never finished, and files whose record is gone."""

import datetime as dt
from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.utils import timezone
from wagtail.models import UploadedFile

#: How long somebody may take from choosing files to filling in what they are called.
KEPT_FOR = dt.timedelta(days=1)
# Where forms store uploads; whatever else lies in the media folder is somebody else's.
FOLDERS = ("avatar_images", "documents", "editions", "images", "imports", "original_images", "wagtail_uploads")


def clear_leftover_files() -> int:
    """Delete unfinished uploads and files without a record that are older than a day; return how many files."""
    before = timezone.now() - KEPT_FOR
    cleared = 0
    for upload in UploadedFile.objects.select_related(None).order_by("pk"):
        name = upload.file.name
        if name and default_storage.exists(name) and default_storage.get_modified_time(name) > before:
            continue
        upload.file.delete(save=False)
        upload.delete()
        cleared += 1
    held = held_files()
    for name in _stored_files():
        if name not in held and default_storage.get_modified_time(name) <= before:
            default_storage.delete(name)
            cleared += 1
    return cleared


def held_files() -> set[str]:
    """Return the names of all files some record points to, relative to the media folder."""
    return {
        name
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FileField)
        for name in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
        if name
    }


def _stored_files() -> Iterator[str]:
    for folder in FOLDERS:
        yield from _files_below(folder)


def _files_below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files_below(f"{folder}/{name}")
