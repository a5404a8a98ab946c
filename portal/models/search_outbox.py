"""Outbox of changes that the search indexes have not applied yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxAction(models.TextChoices):
    """What happened to the record. Only a hint: the writer looks at the record itself."""

    SAVED = "saved", _("Saved")
    DELETED = "deleted", _("Deleted")


class SearchOutboxQuerySet(models.QuerySet["SearchOutbox"]):
    """Rows by what is left to do with them."""

    def waiting(self) -> "SearchOutboxQuerySet":
        """Return the changes not written yet, oldest first."""
        return self.filter(applied_at__isnull=True).order_by("pk")

    def failed(self) -> "SearchOutboxQuerySet":
        """Return the changes that could not be written."""
        return self.filter(applied_at__isnull=False).exclude(error="")


class SearchOutbox(models.Model):
    """One record that was saved or deleted, written in the same transaction as the change itself.

    A row stays for a day after it was applied: a rebuild that began before needs to know of it.
    """

    model_label = models.CharField(max_length=100)
    object_pk = models.CharField(max_length=64)
    action = models.CharField(max_length=8, choices=OutboxAction)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = SearchOutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting change of the search index")
        verbose_name_plural = _("waiting changes of the search index")
        indexes = [
            models.Index(fields=["id"], condition=Q(applied_at__isnull=True), name="search_outbox_waiting"),
            models.Index(fields=["applied_at"], name="search_outbox_applied"),
        ]

    def __str__(self) -> str:
        return f"{self.model_label} {self.object_pk} {self.action}"
