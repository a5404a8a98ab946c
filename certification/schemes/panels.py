"""Edit panels of a scheme."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList

from certification.requirements.panels import requirements_panel

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
        requirements_panel(),
        FieldPanel("positions", widget=forms.CheckboxSelectMultiple, heading=_("Required for positions")),
    ]
)
