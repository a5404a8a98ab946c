"""Edit panels of manuals and editions."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
)

from kb.manuals.forms import ManualForm

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
            content=_("A draft is seen by editors only. Once published, an edition does not change any more."),
            heading=_("Editions"),
        ),
        FieldRowPanel([FieldPanel("manual"), FieldPanel("edition"), FieldPanel("document_number")]),
        FieldPanel("changes"),
        InlinePanel(
            "chapters",
            heading=_("Chapters"),
            label=_("chapter"),
            panels=[
                FieldRowPanel([FieldPanel("number"), FieldPanel("title"), FieldPanel("topic")]),
                FieldPanel("body"),
            ],
        ),
    ]
)
