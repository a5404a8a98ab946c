"""Edit panels of a quiz."""

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
