"""StreamField blocks of manual chapters."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from kb.models.pictures import FigureBlock, VideoBlock


class SafetyBlock(blocks.StructBlock):
    """A warning inside a chapter; always open, like the one on top of a fault article."""

    level = blocks.ChoiceBlock(
        choices=[("danger", _("Danger")), ("warning", _("Take care"))], default="danger", label=_("Level")
    )
    text = blocks.RichTextBlock(features=["bold", "ol", "ul"], label=_("Warning"))

    class Meta:
        icon = "warning"
        label = _("Safety note")
        label_format = "{text}"
        template = "kb/manuals/blocks/safety.html"
        description = _("What may hurt somebody. Stands out on screen and on paper.")
        preview_value = {"level": "danger", "text": "<p>打开控制箱之前必须断电、验电并挂牌。</p>"}


class AttachmentBlock(blocks.StructBlock):
    """A file to download: a wiring diagram, a form."""

    document = DocumentChooserBlock(label=_("Document"))

    class Meta:
        icon = "doc-full"
        label = _("Attachment")
        template = "kb/manuals/blocks/attachment.html"
        description = _("A file the reader may download, if its own audience allows.")


class ChapterBlock(blocks.StreamBlock):
    """The text of a chapter."""

    safety = SafetyBlock()
    text = blocks.RichTextBlock(
        features=["h3", "h4", "bold", "ol", "ul", "link", "document-link"],
        icon="pilcrow",
        label=_("Text"),
        template="kb/manuals/blocks/text.html",
        description=_("Paragraphs, headings and lists."),
        preview_value="<h3>操作步骤</h3><ol><li>断电、验电。</li><li>打开罩板。</li></ol>",
    )
    table = TableBlock(
        label=_("Table"),
        template="kb/manuals/blocks/table.html",
        description=_("A table; on a phone it scrolls by itself."),
        preview_value={
            "first_row_is_table_header": True,
            "first_col_is_header": True,
            "table_caption": "维护周期",
            "data": [["周期", "项目"], ["每月", "清洗冷凝器"]],
        },
    )
    figure = FigureBlock()
    video = VideoBlock()
    attachment = AttachmentBlock()


def plain_text(stream: Any) -> str:
    """Return the text of a chapter's stream as search and snippets want it: words only, one block a line."""
    found = (" ".join(child.block.get_searchable_content(child.value)) for child in stream)
    return "\n".join(text for piece in found if (text := " ".join(piece.split())))


class NoticeBlock(blocks.StreamBlock):
    """The text of a bulletin: warnings, paragraphs, tables."""

    safety = ChapterBlock.base_blocks["safety"]
    text = ChapterBlock.base_blocks["text"]
    table = ChapterBlock.base_blocks["table"]
