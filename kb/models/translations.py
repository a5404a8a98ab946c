"""Versions of what engineers read in another language: a row per record and language, with revisions."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, Revision, RevisionMixin

from kb.errors import ReviewMissing
from kb.models.reviews import authors_of, is_approved

#: The fields that may name the source, of which exactly one does.
SOURCES = ("article", "chapter", "manual", "guide", "bulletin")


def _only(field: str) -> Q:
    """Return the condition that ``field`` alone names the source."""
    empty = {f"{name}__isnull": True for name in SOURCES if name != field}
    return Q(**{f"{field}__isnull": False}, **empty)


def _exactly_one() -> Q:
    """Return the condition that one field alone names the source."""
    return reduce(or_, map(_only, SOURCES))


def _source_key(model: str, label: Any) -> models.ForeignKey:
    """Return the field that may name a source of one kind."""
    return models.ForeignKey(
        model, null=True, blank=True, on_delete=models.CASCADE, related_name="translations", verbose_name=label
    )


class ContentTranslation(DraftStateMixin, RevisionMixin, models.Model):
    """The words of a record in another language; numbers, codes, warnings, tasks and cards stay the record's own.

    Attributes:
        words: the translated passages by their keys, see :mod:`kb.translations.passages`.
        source_words: what each of them said in the source when it was translated.
        source_revision: the revision of the source that was open beside it; None where the source keeps no revisions.
    """

    article = _source_key("kb.FaultArticle", _("fault article"))
    chapter = _source_key("kb.ManualChapter", _("chapter"))
    manual = _source_key("kb.Manual", _("manual"))
    guide = _source_key("kb.DiagnosisGuide", _("diagnosis guide"))
    bulletin = _source_key("kb.Bulletin", _("bulletin"))
    language = models.CharField(_("language"), max_length=10)
    words = models.JSONField(_("translated words"), default=dict, blank=True)
    source_words = models.JSONField(default=dict, blank=True, editable=False)
    source_revision = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("translator"),
    )

    class Meta:
        verbose_name = _("translation of content")
        verbose_name_plural = _("translations of content")
        ordering = ["language", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one(),
                name="translation_of_one_source",
                violation_error_message=_(
                    "A translation belongs to exactly one article, chapter, manual, guide or bulletin."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=[source, "language"],
                    name=f"translation_once_{source}",
                    violation_error_message=_("There is a version in this language already. Continue there."),
                )
                for source in SOURCES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.language}"

    def clean(self) -> None:
        super().clean()
        if self.language == settings.LANGUAGE_CODE or self.language not in dict(settings.LANGUAGES):
            raise ValidationError({"language": _("Choose another language of the portal than that of the source.")})

    def publish(self, revision: Revision, user: Any = None, *args: Any, **kwargs: Any) -> None:
        """Publish a revision; one of dangerous content as its source is: approved by a second person.

        Raises:
            ReviewMissing: the source is dangerous, and nobody but the translators has approved these words.
        """
        drafted = revision.as_object()
        # What the portal writes and publishes by itself, such as the demo, has no author.
        if (revision.user_id is not None or user is not None) and self.is_dangerous:
            writers = authors_of(self) | ({revision.user_id} - {None})
            if not is_approved(self, drafted.serializable_data(), writers):
                raise ReviewMissing(title=str(self))
        super().publish(revision, user, *args, **kwargs)

    @property
    def source(self) -> Any:
        """The record it is a version of."""
        return next(found for name in SOURCES if (found := getattr(self, name)) is not None)

    @property
    def is_dangerous(self) -> bool:
        """Whether a mistake in it may hurt somebody: what holds for the source holds for its translation."""
        if self.chapter is not None:
            blocks = self.chapter.body
            return any(block.block_type == "safety" and block.value["level"] == "danger" for block in blocks)
        return self.manual is None and self.source.is_dangerous
