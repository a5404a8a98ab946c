"""The PDFs of a published edition, one a language."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.enums import PaperState
from kb.models.manuals import ManualEdition


def _file_name(paper: "EditionPaper", name: str) -> str:
    """A name nobody guesses; the media folder is not served, and a second try never meets a file half written."""
    return f"editions/{paper.edition_id}-{secrets.token_hex(8)}.pdf"


def source_language() -> str:
    """Return the language content is written in."""
    return settings.LANGUAGE_CODE


class EditionPaper(models.Model):
    """The whole edition as a PDF, made in the background; the file lies in the storage of uploads.

    Attributes:
        language: of the words; those of the source are frozen with the edition, those of a version may change.
        made_of: which words of the versions it holds, as a digest; empty for the language of the source.
    """

    edition = models.ForeignKey(
        ManualEdition, on_delete=models.CASCADE, related_name="papers", verbose_name=_("manual edition")
    )
    language = models.CharField(_("language"), max_length=10, default=source_language)
    made_of = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=PaperState.choices, default=PaperState.QUEUED)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    file = models.FileField(_("file"), upload_to=_file_name, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)

    class Meta:
        verbose_name = _("PDF of an edition")
        verbose_name_plural = _("PDFs of editions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language"],
                name="edition_paper_once_a_language",
                violation_error_message=_("There is a PDF of this edition in this language already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PaperState.values),
                name="edition_paper_state_known",
                violation_error_message=_("The PDF is in an unknown state."),
            ),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100),
                name="edition_paper_percent",
                violation_error_message=_("Progress lies between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PaperState.READY) | ~models.Q(file=""),
                name="edition_paper_ready_has_file",
                violation_error_message=_("A finished PDF has a file."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.language} · {self.get_state_display()}"
