"""Admin forms of equipment: categories and models with their aliases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from portal.admin.forms import TreeChoiceField, TreeForm, WordsField
from portal.enums import Task
from portal.models import (
    EquipmentAlias,
    EquipmentCategory,
    EquipmentModel,
    StatutoryKind,
    StatutoryRule,
)


class CategoryForm(TreeForm):
    """A node of the category tree."""

    parent = TreeChoiceField(EquipmentCategory.objects.all(), required=False, label=_("stands below"))
    aliases = WordsField(required=False, label=_("aliases"), help_text=_("Other words people use for it, one a line."))

    class Meta:
        model = EquipmentCategory
        fields = ["name", "name_en", "code", "kind", "parent", "aliases"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = "\n".join(self.instance.aliases or [])


class ModelForm(WagtailAdminModelForm):
    """A machine type with the words people use for it."""

    alias_words = WordsField(
        required=False,
        label=_("aliases"),
        help_text=_("Other words people use for it, one a line; several models may share one."),
    )

    class Meta:
        model = EquipmentModel
        fields = ["name", "name_en", "code", "category", "brand", "family", "is_regulated", "alias_words"]
        field_classes = {"category": TreeChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = EquipmentCategory.objects.order_by("path")
        if self.instance.pk:
            self.fields["alias_words"].initial = "\n".join(self.instance.aliases.values_list("name", flat=True))

    def save(self, commit: bool = True) -> EquipmentModel:
        """Save the model and make its aliases those named."""
        model = super().save(commit)
        wanted = self.cleaned_data["alias_words"]
        model.aliases.exclude(name__in=wanted).delete()
        held = set(model.aliases.values_list("name", flat=True))
        EquipmentAlias.objects.bulk_create(
            EquipmentAlias(model=model, name=name) for name in wanted if name not in held
        )
        return model


class StatutoryKindForm(WagtailAdminModelForm):
    """A kind of card issued outside, with how early its end is warned of."""

    project_codes = WordsField(
        required=False,
        label=_("project codes"),
        help_text=_("Codes the card may name (e.g. T for lift repair), one a line; none when it names no project."),
    )

    class Meta:
        model = StatutoryKind
        fields = [
            "name",
            "code",
            "project_codes",
            "issuer",
            "valid_years",
            "review_years",
            "renewal_lead_days",
            "review_lead_days",
            "rule",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["project_codes"] = "\n".join(self.instance.project_codes or [])


class StatutoryRuleForm(WagtailAdminModelForm):
    """Which card a category or a model needs, for which tasks."""

    tasks = forms.MultipleChoiceField(
        choices=Task.choices,
        required=False,
        label=_("tasks"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the card is needed for; none ticked means every task."),
    )

    class Meta:
        model = StatutoryRule
        fields = ["kind", "category", "model", "tasks", "source", "is_active"]
        field_classes = {"category": TreeChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = EquipmentCategory.objects.order_by("path")
