"""Edit panels of a scheme."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

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
