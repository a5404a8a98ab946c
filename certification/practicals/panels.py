"""Edit panels of a checklist."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList

from portal.admin.long_choices import FoundSelect

checklist_panels = ObjectList(
    [
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("title"), FieldPanel("category"), FieldPanel("pass_percent")],
            heading=_("practical checklist"),
        ),
        MultiFieldPanel(
            [FieldPanel("assessor_task"), FieldPanel("trainer_may_assess"), FieldPanel("asks_signature")],
            heading=_("Who signs"),
        ),
        InlinePanel(
            "items",
            heading=_("To be shown"),
            label=_("checklist item"),
            min_num=1,
            panels=[
                FieldPanel("text"),
                FieldPanel("expected"),
                FieldPanel("is_critical"),
                FieldPanel("chapter", widget=FoundSelect("kb.manualchapter")),
                FieldPanel("article", widget=FoundSelect("kb.faultarticle")),
            ],
        ),
    ]
)
