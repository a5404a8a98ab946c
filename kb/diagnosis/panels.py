"""Edit panels of a diagnosis guide."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from kb.diagnosis.forms import DiagnosisGuideForm
from kb.manuals.verdict_forms import verdict_panel

SHORT = forms.Textarea(attrs={"rows": 3})

identity_panel = MultiFieldPanel(
    [
        FieldPanel("number", required_on_save=True),
        FieldPanel("title", required_on_save=True),
        FieldPanel("symptom", required_on_save=True),
        FieldPanel("aliases", widget=SHORT),
    ],
    heading=_("Fault"),
)

steps_panel = InlinePanel(
    "steps",
    heading=_("Steps"),
    label=_("step"),
    help_text=_(
        "The first step is where one starts. Every answer leads to another step or to an end, one end at least is an "
        "escalation. The preview beside the form draws the tree as you type and says what is still open."
    ),
    panels=[
        FieldRowPanel([FieldPanel("key"), FieldPanel("kind"), FieldPanel("where")]),
        FieldPanel("text"),
        FieldPanel("detail", widget=SHORT),
        FieldRowPanel([FieldPanel("yes"), FieldPanel("no")]),
        FieldPanel("warning"),
        FieldRowPanel([FieldPanel("task"), FieldPanel("card")]),
        FieldPanel("article"),
        FieldPanel("pictures"),
    ],
)

scope_panel = MultiFieldPanel([FieldPanel("category"), FieldPanel("equipment")], heading=_("Which equipment"))

work_panel = MultiFieldPanel(
    [FieldPanel("safety", widget=SHORT), FieldPanel("tools", widget=SHORT), FieldPanel("minutes")],
    heading=_("The work"),
)

guide_panels = TabbedInterface(
    [
        ObjectList([identity_panel, work_panel, steps_panel], heading=_("Content")),
        ObjectList([scope_panel], heading=_("Which equipment")),
        ObjectList(
            [
                FieldPanel("audience"),
                MultiFieldPanel(
                    [FieldPanel("review_due"), FieldPanel("note", widget=SHORT)],
                    heading=_("How far it can be relied on"),
                ),
                verdict_panel(),
                PublishingPanel(),
            ],
            heading=_("Readers and sources"),
        ),
    ],
    base_form_class=DiagnosisGuideForm,
)
