"""Task workers that are alive, and letters a worker has in hand."""

from django.db import models


class WorkerBeat(models.Model):
    """When a task worker was last seen; a worker that was killed stops being seen."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker_id


class Letter(models.Model):
    """A letter on its way: written down before it is handed to the mail server, and again when that has taken it."""

    # Made with the task that sends it; a task that is begun again finds its letter.
    key = models.UUIDField(primary_key=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.key)
