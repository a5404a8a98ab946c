"""The requirements of a scheme on its edit page: the kind, then the rows of every kind."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel

from certification.kinds import requirement_kinds
from certification.requirements.base import RequirementKind


class RequirementForm(WagtailAdminModelForm):
    """One requirement, with a field for each parameter of each kind, named ``<kind>_<parameter>``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in requirement_kinds:
            for name, field in kind.parameter_fields().items():
                field.required = False
                self.fields[_field_name(kind, name)] = field
                if self.instance.kind == kind.key:
                    self.initial[_field_name(kind, name)] = self.instance.parameters.get(name)

    def _post_clean(self) -> None:
        """Give the model its parameters before it judges them."""
        key = self.cleaned_data.get("kind")
        if key in requirement_kinds:
            kind = requirement_kinds.get(key)
            names = {name: _field_name(kind, name) for name in kind.parameter_fields()}
            given = {name: self.cleaned_data.get(field) for name, field in names.items()}
            self.instance.parameters = {name: value for name, value in given.items() if value not in (None, "")}
        super()._post_clean()

    def parameter_rows(self) -> list[forms.BoundField]:
        """Return the fields of the parameters, kind by kind."""
        return [self[_field_name(kind, name)] for kind in requirement_kinds for name in kind.parameter_fields()]


def _field_name(kind: RequirementKind, name: str) -> str:
    return f"{kind.key}_{name}"


class ParametersPanel(Panel):
    """The parameters of all kinds; they are fields of the form, not of the model."""

    class BoundPanel(Panel.BoundPanel):
        """Draws them."""

        template_name = "certification/requirements/parameters.html"

        def is_shown(self) -> bool:
            """Whether any kind has parameters."""
            return any(kind.parameter_fields() for kind in requirement_kinds)


class RequirementsPanel(InlinePanel):
    """The requirements, in order."""

    @cached_property
    def panel_definitions(self) -> list[Panel]:
        """The kind, then the rows of every kind registered when the page is first built."""
        rows = [panel for kind in requirement_kinds for panel in kind.panels()]
        return [FieldPanel("kind"), *rows, ParametersPanel()]

    def get_form_options(self) -> dict[str, Any]:
        """Use the form that knows the kinds' parameters."""
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = RequirementForm
        return options


def requirements_panel() -> RequirementsPanel:
    """Return the panel for the scheme's edit page."""
    return RequirementsPanel(
        "requirements",
        heading=_("What must be shown"),
        label=_("requirement"),
        help_text=_("Choose the kind, then fill what belongs to it: module and minutes, quiz, checklist, or card."),
        min_num=1,
    )
