"""How trainers see quizzes, checklists and schemes in the editing area."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

quiz_panels = ObjectList(
    [
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("title"), FieldPanel("bank"), FieldPanel("is_active")],
            heading=_("Quiz"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("pass_mark")]),
                FieldRowPanel([FieldPanel("max_attempts"), FieldPanel("wait_hours")]),
            ],
            heading=_("Rules"),
        ),
        InlinePanel(
            "draw_rules",
            heading=_("What is drawn"),
            label=_("draw rule"),
            help_text=_("Applied in this order; no question is drawn twice. An empty condition takes any question."),
            min_num=1,
            panels=[
                FieldRowPanel([FieldPanel("count"), FieldPanel("topic")]),
                FieldRowPanel([FieldPanel("difficulty"), FieldPanel("only_safety")]),
            ],
        ),
    ]
)

checklist_panels = ObjectList(
    [
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("title"), FieldPanel("category"), FieldPanel("pass_percent")],
            heading=_("practical checklist"),
        ),
        InlinePanel(
            "items",
            heading=_("To be shown"),
            label=_("checklist item"),
            min_num=1,
            panels=[FieldPanel("text"), FieldPanel("expected"), FieldPanel("is_critical")],
        ),
    ]
)

scheme_panels = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("name"),
                FieldPanel("category"),
                FieldPanel("valid_months"),
                FieldPanel("is_active"),
            ],
            heading=_("scheme"),
        ),
        InlinePanel(
            "requirements",
            heading=_("What must be shown"),
            label=_("requirement"),
            help_text=_("Choose the kind, then fill what belongs to it: module and minutes, quiz, checklist, or card."),
            min_num=1,
            panels=[
                FieldPanel("kind"),
                FieldRowPanel([FieldPanel("module"), FieldPanel("minutes")]),
                FieldRowPanel([FieldPanel("quiz"), FieldPanel("checklist")]),
                FieldPanel("statutory_kind"),
            ],
        ),
        FieldPanel("positions", widget=forms.CheckboxSelectMultiple, heading=_("Required for positions")),
    ]
)
