"""Edit panels of manuals and editions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
)

from kb.manuals.forms import EditionForm, ManualForm


class ChapterPanel(InlinePanel):
    """The chapters of an edition, without arrows: the number of a chapter is its place."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["can_order"] = False
        return options


SHORT = forms.Textarea(attrs={"rows": 3})

manual_panels = ObjectList(
    [
        FieldRowPanel([FieldPanel("number"), FieldPanel("kind")]),
        FieldPanel("title"),
        FieldPanel("summary", widget=SHORT),
        FieldRowPanel([FieldPanel("category"), FieldPanel("audience")]),
        FieldPanel("equipment"),
    ],
    base_form_class=ManualForm,
)

edition_panels = ObjectList(
    [
        HelpPanel(
            content=_(
                "A draft is seen by editors only. Once published, an edition does not change any more. "
                "The number of a chapter is its place: 1 a part, 1.2 a chapter, 1.2.3 a section; "
                "move and indent chapters in the outline."
            ),
            heading=_("Editions"),
        ),
        FieldRowPanel([FieldPanel("manual"), FieldPanel("edition"), FieldPanel("document_number")]),
        FieldRowPanel([FieldPanel("effective_on"), FieldPanel("changes")]),
        ChapterPanel(
            "chapters",
            heading=_("Chapters"),
            label=_("chapter"),
            panels=[
                FieldRowPanel([FieldPanel("number"), FieldPanel("title"), FieldPanel("topic")]),
                FieldPanel("body"),
            ],
        ),
    ],
    base_form_class=EditionForm,
)
