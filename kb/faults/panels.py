"""Edit panels of a fault article."""

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

from kb.faults.forms import FaultArticleForm
from kb.faults.gaps import MissingPanel
from kb.manuals.verdict_forms import verdict_panel

SHORT = forms.Textarea(attrs={"rows": 3})

safety_panel = InlinePanel(
    "safety_notes",
    heading=_("Safety notes"),
    label=_("safety note"),
    help_text=_("Shown before everything else. At least one when the fault is dangerous or stops the machine."),
    panels=[FieldRowPanel([FieldPanel("text"), FieldPanel("basis")])],
)

identity_panel = MultiFieldPanel(
    [
        FieldRowPanel(
            [FieldPanel("number", required_on_save=True), FieldPanel("severity")],
        ),
        FieldPanel("title", required_on_save=True),
        FieldPanel("symptom", required_on_save=True),
        FieldPanel("aliases", widget=SHORT),
        FieldPanel("distinction", widget=SHORT),
    ],
    heading=_("Fault"),
)

codes_panel = InlinePanel(
    "codes",
    heading=_("Fault codes"),
    label=_("fault code"),
    help_text=_("None for a fault without a code; several when the same article explains them all."),
    panels=[FieldPanel("code", required_on_save=True)],
)

display_panel = MultiFieldPanel(
    [
        FieldPanel("display_where"),
        FieldRowPanel([FieldPanel("judgement", widget=SHORT), FieldPanel("clear_when", widget=SHORT)]),
        FieldRowPanel([FieldPanel("recovery"), FieldPanel("repeat_rule")]),
    ],
    heading=_("How the machine shows it"),
)

pairs_panel = InlinePanel(
    "pairs",
    heading=_("Cause – check – remedy"),
    label=_("cause, check, remedy"),
    help_text=_("One row a cause, the likeliest first, with the check that finds it and the remedy that cures it."),
    panels=[
        FieldPanel("cause"),
        FieldPanel("check_text", widget=SHORT),
        FieldPanel("remedy", widget=SHORT),
        FieldRowPanel([FieldPanel("where"), FieldPanel("part"), FieldPanel("basis")]),
        FieldRowPanel([FieldPanel("dose"), FieldPanel("withdrawal")]),
        FieldPanel("pictures"),
    ],
)

related_panel = InlinePanel(
    "relations",
    heading=_("Related articles"),
    label=_("related article"),
    help_text=_("Shown on both articles, with the sign that tells them apart."),
    panels=[FieldPanel("other"), FieldPanel("sign")],
)

work_panel = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("task"), FieldPanel("minutes"), FieldPanel("is_phone_doable")]),
        FieldPanel("who_may_do"),
        FieldPanel("required_certificates", widget=forms.CheckboxSelectMultiple),
        FieldRowPanel([FieldPanel("tools", widget=SHORT), FieldPanel("parts", widget=SHORT)]),
    ],
    heading=_("The work"),
)

scope_panel = MultiFieldPanel(
    [
        FieldPanel("category"),
        FieldRowPanel([FieldPanel("brand"), FieldPanel("family")]),
        FieldPanel("model_scope"),
        FieldPanel("equipment"),
        FieldPanel("chapter"),
    ],
    heading=_("Which equipment"),
    help_text=_("A code is unique within category, brand and family."),
)

trust_panels = [
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("verification"), FieldPanel("review_due")]), FieldPanel("note", widget=SHORT)],
        heading=_("How far it can be relied on"),
    ),
    FieldPanel("replaced_by"),
    InlinePanel(
        "sources",
        heading=_("Sources"),
        label=_("source"),
        panels=[
            FieldRowPanel([FieldPanel("key"), FieldPanel("kind")]),
            FieldPanel("address"),
            FieldPanel("reliability"),
        ],
    ),
]

fault_panels = TabbedInterface(
    [
        ObjectList(
            [
                MissingPanel(heading=_("What is not recorded yet")),
                identity_panel,
                safety_panel,
                codes_panel,
                display_panel,
                FieldPanel("pictures"),
                pairs_panel,
                related_panel,
                work_panel,
            ],
            heading=_("Content"),
        ),
        ObjectList([scope_panel], heading=_("Which equipment")),
        ObjectList(
            [
                MultiFieldPanel(
                    [FieldRowPanel([FieldPanel("audience"), FieldPanel("stage")])], heading=_("Who may read it")
                ),
                *trust_panels,
                verdict_panel(),
                PublishingPanel(),
            ],
            heading=_("Readers and sources"),
        ),
    ],
    base_form_class=FaultArticleForm,
)
