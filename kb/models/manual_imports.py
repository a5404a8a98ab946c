"""A document brought in as the next edition of a manual: read apart, looked at, accepted."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.enums import ImportState
from kb.models.manuals import Manual, ManualEdition
from kb.validators import edition_validator


def _file_name(record: "ManualImport", name: str) -> str:
    """A name nobody guesses; the media folder is not served."""
    return f"imports/{secrets.token_hex(16)}"


class ManualImport(models.Model):
    """One uploaded document and what was read of it."""

    manual = models.ForeignKey(Manual, on_delete=models.CASCADE, related_name="imports", verbose_name=_("manual"))
    edition = models.CharField(_("edition"), max_length=10, validators=[edition_validator])
    changes = models.CharField(_("summary of changes"), max_length=300, blank=True)
    file = models.FileField(_("file"), upload_to=_file_name)
    file_name = models.CharField(_("file name"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=ImportState.choices, default=ImportState.QUEUED)
    # Chapters, pictures and notes as the reader printed them; or why it refused.
    outcome = models.JSONField(_("outcome"), default=dict)
    accepted = models.OneToOneField(
        ManualEdition, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("draft")
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)

    class Meta:
        verbose_name = _("import of a manual")
        verbose_name_plural = _("imports of manuals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values),
                name="manual_import_state_known",
                violation_error_message=_("The import is in an unknown state."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manual.number} {self.edition} · {self.file_name}"
