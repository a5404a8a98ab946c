"""Manuals with editions and chapters; published editions are kept and stay readable."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import Orderable, PreviewableMixin
from wagtail.search import index

from kb.enums import ManualKind
from kb.errors import EditionIsPublished
from kb.models.blocks import ChapterBlock
from kb.models.topics import topic_key
from kb.validators import chapter_number_validator, edition_validator
from portal.enums import Audience
from portal.registry.contexts import context_of


class Manual(index.Indexed, models.Model):
    """A book about a category: user, installation, commissioning, repair, selection, regulation."""

    number = models.SlugField(
        _("number"), max_length=30, unique=True, help_text=_("For example SM-RF-01; part of the address.")
    )
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=ManualKind.choices)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="manuals",
        verbose_name=_("category"),
    )
    equipment = models.ManyToManyField(
        "portal.EquipmentModel", blank=True, related_name="manuals", verbose_name=_("equipment models")
    )

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("number"),
        index.SearchField("summary"),
        index.AutocompleteField("title"),
        index.AutocompleteField("number"),
        index.FilterField("audience"),
        index.FilterField("kind"),
        index.FilterField("number"),
    ]

    class Meta:
        verbose_name = _("manual")
        verbose_name_plural = _("manuals")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values),
                name="manual_audience_known",
                violation_error_message=_("Choose one of the audiences offered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("kb:manual", args=[self.number])


class EditionQuerySet(models.QuerySet):
    """Editions by state."""

    def published(self) -> "EditionQuerySet":
        """Editions people may read, the current one first."""
        return self.filter(published_on__isnull=False).order_by("-published_on", "-pk")

    def drafts(self) -> "EditionQuerySet":
        """Editions still being written."""
        return self.filter(published_on__isnull=True)


class ManualEdition(PreviewableMixin, ClusterableModel):
    """One edition of a manual. Once published it does not change any more; a correction is a new edition.

    Kept three times: the domain verbs refuse, ``save`` and ``delete`` refuse, and triggers refuse what goes round them.
    """

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="editions", verbose_name=_("manual"))
    edition = models.CharField(
        _("edition"), max_length=10, validators=[edition_validator], help_text=_("For example A/1.")
    )
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    changes = models.CharField(
        _("summary of changes"), max_length=300, blank=True, help_text=_("Stands in the revision table.")
    )
    effective_on = models.DateField(
        _("effective on"),
        null=True,
        blank=True,
        help_text=_("The day from which people work by it; the day of publication when left empty."),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("manual edition")
        verbose_name_plural = _("manual editions")
        ordering = ["manual__number", "-published_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["manual", "edition"], name="edition_once_a_manual"),
            models.UniqueConstraint(
                fields=["manual"],
                condition=models.Q(published_on__isnull=True),
                name="one_draft_edition_a_manual",
                violation_error_message=_("This manual already has a draft edition. Continue there."),
            ),
        ]
        permissions = [("publish_manualedition", "Can publish manual edition")]

    def __str__(self) -> str:
        return f"{self.manual} {self.edition}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and is_frozen(self.pk):
            raise EditionIsPublished(edition=self.edition)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if is_frozen(self.pk):
            raise EditionIsPublished(edition=self.edition)
        return super().delete(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("kb:edition", args=[self.manual.number, self.slug])

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "kb/manuals/manual.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return super().get_preview_context(request, mode_name) | context_of(self, request)

    @property
    def is_dangerous(self) -> bool:
        """Whether a chapter warns of danger: a second person must approve the edition."""
        blocks = (block for chapter in self.chapters.all() for block in chapter.body)
        return any(block.block_type == "safety" and block.value["level"] == "danger" for block in blocks)

    @property
    def is_published(self) -> bool:
        """Whether people may read it and nobody may change it."""
        return self.published_on is not None

    @property
    def slug(self) -> str:
        """The edition in an address: A/1 is A-1."""
        return self.edition.replace("/", "-")


class ManualChapter(index.Indexed, Orderable):
    """One chapter, the unit that is found, read and pointed to."""

    edition = ParentalKey(ManualEdition, on_delete=models.CASCADE, related_name="chapters")
    number = models.CharField(
        _("number"), max_length=10, validators=[chapter_number_validator], help_text=_("For example 3.2.")
    )
    title = models.CharField(_("title"), max_length=160)
    topic = topic_key(
        verbose_name=_("topic"),
        on_delete=models.PROTECT,
        help_text=_("The topic of the training plan this chapter teaches."),
    )
    body = StreamField(ChapterBlock(), verbose_name=_("text"), blank=True)
    compiled_from = models.JSONField(
        default=list, blank=True, editable=False, help_text="Articles of a fault chapter, as {article, revision}."
    )

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("body"),
        index.AutocompleteField("title"),
        index.FilterField("edition_id"),
        index.FilterField("topic_id"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="chapter_number_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if is_frozen(self.edition_id):
            raise EditionIsPublished(edition=self.edition.edition)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if is_frozen(self.edition_id):
            raise EditionIsPublished(edition=self.edition.edition)
        return super().delete(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Where the chapter is read in its own edition, for ever; needs ``edition__manual``."""
        return f"{self.edition.get_absolute_url()}#{self.anchor}"

    @property
    def citation(self) -> str:
        """Manual, edition and chapter in words, as whoever cites it writes them; needs ``edition__manual``."""
        facts = {
            "manual": self.edition.manual.title,
            "edition": self.edition.edition,
            "number": self.number,
            "title": self.title,
        }
        return gettext("%(manual)s %(edition)s, chapter %(number)s: %(title)s") % facts

    @property
    def anchor(self) -> str:
        """Where the manual page opens at this chapter."""
        return f"chapter-{self.number.replace('.', '-')}"


def is_frozen(edition_pk: int | None) -> bool:
    """Whether the stored edition has been published."""
    return ManualEdition.objects.filter(pk=edition_pk, published_on__isnull=False).exists()
