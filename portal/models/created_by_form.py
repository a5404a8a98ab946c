"""Records that a form of the Wagtail admin has created, found again when the same form is posted once more."""

import uuid

from django.db import models


class CreatedByForm(models.Model):
    """One opened form of a new record, with the record it created.

    An editor's form may be posted several times: by autosave, by a button pressed while autosave is under way, by a
    second click. The row is locked while a post of the form is answered, so that one form makes one record.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    record_label = models.CharField(max_length=100)
    record_pk = models.CharField(max_length=40, blank=True)
    # A button of the form, not autosave, has saved the record.
    is_submitted = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.record_label}:{self.record_pk}"
