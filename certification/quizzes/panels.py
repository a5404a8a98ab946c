"""Edit panels of a quiz."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel

from certification.quizzes.breadth import NarrowRule, narrow_rules


class BreadthPanel(Panel):
    """Lists draw rules with too few questions; empty where all have enough."""

    class BoundPanel(Panel.BoundPanel):
        """Draws it."""

        template_name = "certification/quizzes/breadth.html"

        def is_shown(self) -> bool:
            """Whether the saved quiz has such a rule."""
            return bool(self.narrow)

        @cached_property
        def narrow(self) -> list[NarrowRule]:
            """The rules, of the quiz as saved."""
            return narrow_rules(self.instance) if self.instance.pk else []


quiz_panels = ObjectList(
    [
        BreadthPanel(),
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("title"), FieldPanel("bank"), FieldPanel("is_active")],
            heading=_("Quiz"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("pass_mark")]),
                FieldRowPanel([FieldPanel("max_attempts"), FieldPanel("wait_hours"), FieldPanel("wait_hours_read")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("unseen_first"), FieldPanel("keeps_order"), FieldPanel("is_invigilated")]),
                FieldPanel("practises_suspended"),
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
                FieldRowPanel([FieldPanel("equipment"), FieldPanel("question")]),
            ],
        ),
    ]
)
