"""Admin form of a scheme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import Scheme, SchemeTask
from certification.models.schemes import check_reach
from portal.admin.forms import InSightForm
from portal.enums import Task


class SchemeForm(InSightForm):
    """Tasks as checkboxes; the rows they are kept in are written with the scheme."""

    permitted_tasks = forms.MultipleChoiceField(
        label=_("Tasks"),
        choices=Task.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What a scheme opens: at least one. A condition without tasks holds for every task."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["permitted_tasks"] = [row.task for row in self.instance.tasks.all()]

    def clean_positions(self) -> Any:
        """Keep posts of other branches, which the editor does not see."""
        return self.keep_unseen("positions")

    def clean(self) -> dict[str, Any]:
        """Check that an opening scheme names what it opens."""
        cleaned = super().clean()
        check_reach(
            cleaned.get("effect", ""),
            cleaned.get("permitted_tasks", []),
            has_scope=self._has_scope(),
            has_positions=bool(cleaned.get("positions")),
        )
        return cleaned

    def _has_scope(self) -> bool:
        rows = self.formsets["scopes"]
        if not rows.is_valid():
            # The rows say themselves what is wrong with them.
            return True
        return any(row and not row.get("DELETE") for row in rows.cleaned_data)

    def save(self, commit: bool = True) -> Scheme:
        """Save the scheme with its tasks, keeping the rows that stay."""
        kept = {row.task: row for row in self.instance.tasks.all()}
        self.instance.tasks = [
            kept.get(task) or SchemeTask(task=task) for task in self.cleaned_data.get("permitted_tasks", [])
        ]
        return super().save(commit=commit)
