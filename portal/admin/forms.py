"""Forms of the Wagtail admin that every noun shares: words one a line, nodes of a tree, choices within sight."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from wagtail.admin.forms import WagtailAdminModelForm

from portal.access.sight import organisations_in_sight, people_in_sight
from portal.models import (
    Organisation,
    Person,
)


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
    """Offers only organisations and people the editor sees (Wagtail passes the editor as ``for_user``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is None:
            return
        for field in self.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and queryset.model is Organisation:
                field.queryset = organisations_in_sight(self.for_user).order_by("path")
            elif queryset is not None and queryset.model is Person:
                field.queryset = people_in_sight(self.for_user)


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
        """Store the fields that are records of their own; a subclass that has some says how."""
