"""Shared forms of the Wagtail admin: lists of words one per line, tree nodes, choices limited to the editor's sight."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from wagtail.admin.forms import WagtailAdminModelForm

from portal.admin.long_choices import of_model
from portal.registry.sight import choosable


class WordsField(forms.CharField):
    """Several words, one a line or separated by commas (also the Chinese ones)."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        """Return the words without repetition, in order."""
        text = super().clean(value).replace("，", "\n").replace("、", "\n").replace(",", "\n")
        return list(dict.fromkeys(word for line in text.splitlines() if (word := line.strip())))


class TreeChoiceField(forms.ModelChoiceField):
    """A node of a tree, shown indented by its depth."""

    def label_from_instance(self, node: Any) -> str:
        """Return the name after one mark a level."""
        return f"{'— ' * (node.depth - 1)}{node}"


class InSightForm(WagtailAdminModelForm):
    """Offers only what the editor may name: people, places, posts (Wagtail passes the editor as ``for_user``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is None:
            return
        for field in self.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None:
                if type(field.widget) is forms.Select and (widget := of_model(queryset.model)) is not None:
                    widget.is_required = field.widget.is_required
                    field.widget = widget
                field.queryset = choosable(queryset, self.for_user)

    def audit_facts(self) -> dict[str, Any]:
        """Return facts the audit log keeps beside what was changed; a subclass that has some says which."""
        return {}

    def keep_unseen(self, name: str) -> Any:
        """Return what was chosen in a field of several records, with those chosen before that the editor cannot see.

        They stay chosen: who does not see them does not take them away either.
        """
        chosen = self.cleaned_data[name]
        if not self.instance.pk or self.for_user is None:
            return chosen
        field = self.fields[name]
        held = getattr(self.instance, name).all()
        seen = set(field.queryset.values_list("pk", flat=True))
        return [*chosen, *(record for record in held if record.pk not in seen)]

    def keep_unseen_one(self, name: str) -> Any:
        """Return the same for a field of one record: what stands there stays where the editor cannot see it."""
        held = getattr(self.instance, name) if self.instance.pk and self.for_user is not None else None
        if held is not None and not self.fields[name].queryset.filter(pk=held.pk).exists():
            return held
        return self.cleaned_data[name]


class TreeForm(InSightForm):
    """A node of a tree with its parent as an ordinary field; saving adds or moves it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nodes: QuerySet = self.fields["parent"].queryset
        if self.instance.pk:
            self.fields["parent"].initial = self.instance.get_parent()
            nodes = nodes.exclude(path__startswith=self.instance.path)
        self.fields["parent"].queryset = nodes.order_by("path")

    def save(self, commit: bool = True) -> Model:
        """Add the node below its parent, or move it there."""
        parent = self.cleaned_data["parent"]
        if not self.instance.pk:
            if parent is None:
                type(self.instance).add_root(instance=self.instance)
            else:
                parent.add_child(instance=self.instance)
        else:
            self.instance.save()
            self._move(parent)
        self.save_words()
        return self.instance

    def _move(self, parent: Any) -> None:
        if self.instance.get_parent() == parent:
            return
        if parent is None:
            self.instance.move(type(self.instance).get_first_root_node(), "sorted-sibling")
        else:
            self.instance.move(parent, "sorted-child")
        self.instance.refresh_from_db()

    def save_words(self) -> None:
        """Store fields that are separate records; for subclasses that have some."""
