"""Manuals: a book with editions; each published edition is kept and can be read again."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from kb.enums import ManualKind, TopicKey
from portal.enums import Audience


class Manual(models.Model):
    """A book about a category: user, installation, commissioning or repair."""

    number = models.SlugField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=14, choices=ManualKind.choices)
    audience = models.CharField(
        _("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF
    )
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="manuals",
        verbose_name=_("category"),
    )
    equipment = models.ManyToManyField(
        "portal.EquipmentModel", blank=True, related_name="manuals", verbose_name=_("equipment models")
    )

    class Meta:
        verbose_name = _("manual")
        verbose_name_plural = _("manuals")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("kb:manual", args=[self.number])


class ManualEdition(ClusterableModel):
    """One edition of a manual. Once published it does not change any more; a correction is a new edition."""

    manual = models.ForeignKey(
        Manual, on_delete=models.PROTECT, related_name="editions", verbose_name=_("manual")
    )
    edition = models.CharField(_("edition"), max_length=10, help_text=_("For example A/1."))
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    changes = models.CharField(_("summary of changes"), max_length=300, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("manual edition")
        verbose_name_plural = _("manual editions")
        ordering = ["manual__number", "-published_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["manual", "edition"], name="edition_once_a_manual")]

    def __str__(self) -> str:
        return f"{self.manual.title} {self.edition}"


class ManualChapter(index.Indexed, Orderable):
    """One chapter, the unit that is found, read and pointed to."""

    edition = ParentalKey(ManualEdition, on_delete=models.CASCADE, related_name="chapters")
    number = models.CharField(_("number"), max_length=10, help_text=_("For example 3.2."))
    title = models.CharField(_("title"), max_length=160)
    topic = models.CharField(_("topic"), max_length=3, choices=TopicKey.choices, blank=True)
    body = RichTextField(
        _("text"), features=["h3", "bold", "ol", "ul", "link", "image", "document-link", "table"]
    )

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("body"),
        index.AutocompleteField("title"),
        index.FilterField("edition_id"),
        index.FilterField("topic"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="chapter_number_once_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def anchor(self) -> str:
        """Where the manual page opens at this chapter."""
        return f"chapter-{self.number.replace('.', '-')}"
