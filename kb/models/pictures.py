"""Blocks of pictures and short videos, the same in articles, causes, steps of guides and chapters of manuals."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

#: Short videos a browser plays.
VIDEO_ENDINGS = ("mp4", "webm")
#: Callouts and what else is measured in pictures stand in thousandths of width and height.
PER_MILLE = 1000
MAX_CALLOUTS = 12


class DescribedImageBlock(ImageBlock):
    """An image that says what it shows: in a knowledge base none is decoration."""

    def clean(self, value: Any) -> Any:
        """Demand the description.

        Raises:
            ValidationError: there is none, or the image is marked as decorative.
        """
        if value:
            value.decorative = False
        if value and not value.contextual_alt_text and not self.is_deferred_validation:
            error = ValidationError(_("Say what the picture shows: it is read out where it is not seen."))
            raise blocks.StructBlockValidationError(block_errors={"alt_text": error})
        return super().clean(value)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("kb.models.pictures.DescribedImageBlock", [], self._constructor_kwargs)


class CalloutBlock(blocks.StructBlock):
    """A number on the picture with its words below it."""

    x = blocks.IntegerBlock(
        min_value=0, max_value=PER_MILLE, label=_("From the left"), help_text=_("0 to 1000 thousandths of the width.")
    )
    y = blocks.IntegerBlock(
        min_value=0, max_value=PER_MILLE, label=_("From the top"), help_text=_("0 to 1000 thousandths of the height.")
    )
    label = blocks.CharBlock(max_length=80, label=_("What is there"))

    class Meta:
        icon = "crosshairs"
        label = _("Callout")
        label_format = "{label} ({x}, {y})"
        description = _("A number on the picture; its words stand below it and are read out.")


class FigureBlock(blocks.StructBlock):
    """A picture with its description, the sentence that belongs to it and its callouts."""

    image = DescribedImageBlock(label=_("Image"))
    caption = blocks.CharBlock(required=False, max_length=160, label=_("Caption"))
    part = blocks.CharBlock(
        required=False,
        max_length=80,
        label=_("Part shown"),
        help_text=_("As in the list of spare parts, which then leads to the picture."),
    )
    callouts = blocks.ListBlock(
        CalloutBlock(), max_num=MAX_CALLOUTS, required=False, default=[], label=_("Callouts"), collapsed=True
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "kb/pictures/block.html"
        description = _("A photo or drawing with numbered callouts; the text can be read before it has loaded.")


class VideoBlock(blocks.StructBlock):
    """A short video without which the words would be long: a sound, a movement."""

    document = DocumentChooserBlock(label=_("Video"), help_text=_("MP4 or WebM; short, since it is watched on site."))
    description = blocks.CharBlock(
        max_length=300, label=_("What it shows"), help_text=_("For who cannot see or hear it, and for paper.")
    )

    class Meta:
        icon = "media"
        label = _("Short video")
        template = "kb/pictures/block.html"
        description = _("Loaded when somebody plays it; its description stands below it.")

    def clean(self, value: Any) -> Any:
        """See that the document is a video.

        Raises:
            StructBlockValidationError: it is something else.
        """
        cleaned = super().clean(value)
        document = cleaned["document"]
        if document is not None and document.file_extension.lower() not in VIDEO_ENDINGS:
            error = ValidationError(_("Choose an MP4 or WebM file."), code="no_video")
            raise blocks.StructBlockValidationError(block_errors={"document": error})
        return cleaned


class PictureBlock(blocks.StreamBlock):
    """Pictures and short videos, in their order."""

    figure = FigureBlock()
    video = VideoBlock()

    class Meta:
        required = False
        max_num = 12
