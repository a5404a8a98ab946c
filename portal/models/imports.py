"""Imports of tables: the file as it came, how its columns were read, what each row would do, and what was written."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.enums import ImportState
from portal.registry.imports import Outcome


class ImportRun(models.Model):
    """One table on its way into the portal. The file is kept as it came."""

    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.READING, db_index=True
    )
    chosen = models.JSONField(default=dict, blank=True)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    error = models.TextField(_("error"), blank=True)
    made = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports", verbose_name=_("imported by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_by", "kind", "digest"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.ACCEPTED, ImportState.UNDONE]) | Q(accepted_at__isnull=False),
                name="accepted_import_says_when",
                violation_error_message=_("An accepted import says when it was accepted."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name or f"#{self.pk}"


class ImportLine(models.Model):
    """One row of a table, what it would do, and what the operator decided about it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    number = models.PositiveIntegerField(_("row"))
    values = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    question = models.JSONField(default=dict)
    answer = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_line_once_a_row")]
        indexes = [models.Index(fields=["run", "outcome", "number"])]

    def __str__(self) -> str:
        return f"{self.run} · {self.number}"
