"""Documents and images with an audience, which the serving views check."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.search import index

from portal.enums import Audience


class PortalDocument(AbstractDocument):
    """A file with an audience; staff by default."""

    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    is_personal = models.BooleanField(
        default=False,
        editable=False,
        help_text="Belongs to one person's file: not listed, chosen, searched or served but by the page of that file.",
    )

    admin_form_fields = (*Document.admin_form_fields, "audience")
    search_fields = [
        *AbstractDocument.search_fields,
        index.FilterField("audience"),
        # Lists and choosers of the editing area filter by it, also what they search.
        index.FilterField("is_personal"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_portaldocument", "Can choose document")]

    def clean(self) -> None:
        """Check the file's ending; in the second step of several uploads the file is given after this."""
        if self.file:
            super().clean()


class DocumentText(models.Model):
    """What a file says, for search; apart from the document, so that lists of documents need not load it.

    It holds for the file of `file_name` alone: until a replaced file was read, the document has no text.
    """

    document = models.OneToOneField(
        PortalDocument, primary_key=True, on_delete=models.CASCADE, related_name="reading", verbose_name=_("document")
    )
    text = models.TextField(_("text"), help_text="Every page of a PDF ends with a form feed.")
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")

    def __str__(self) -> str:
        return self.file_name


class PortalImage(AbstractImage):
    """An image with an audience; renditions of non-public images are served by the checking view."""

    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)

    admin_form_fields = (*Image.admin_form_fields, "audience")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_portalimage", "Can choose image")]


class PortalRendition(AbstractRendition):
    """A scaled copy of an image."""

    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once_an_image")
        ]
