"""Edit panels of a scheme."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from certification.requirements.panels import requirements_panel
from certification.schemes.forms import SchemeForm
from portal.admin.long_choices import LongCheckboxes

scheme_panels = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("name"),
                FieldPanel("effect", widget=forms.RadioSelect),
                FieldPanel("permitted_tasks"),
                FieldPanel("valid_months"),
                FieldRowPanel([FieldPanel("track"), FieldPanel("level")]),
                FieldRowPanel([FieldPanel("renewal_days"), FieldPanel("grace_days")]),
                FieldPanel("year"),
                FieldPanel("needs_two"),
                FieldPanel("is_active"),
            ],
            heading=_("scheme"),
        ),
        InlinePanel(
            "scopes",
            heading=_("Equipment covered"),
            label=_("equipment"),
            help_text=_(
                "Categories or single models. Without any, a scheme that opens opens its posts and no machine; "
                "a condition holds for all equipment."
            ),
            panels=[FieldRowPanel([FieldPanel("category"), FieldPanel("model")])],
        ),
        requirements_panel(),
        FieldPanel(
            "positions",
            widget=LongCheckboxes("portal.position"),
            heading=_("Required for positions"),
            help_text=_(
                "All schemes that name a post must be held in it. A condition with positions holds only for those who "
                "hold one of them on the day."
            ),
        ),
    ],
    base_form_class=SchemeForm,
)
