"""Forms of the Wagtail admin for the ground floor: trees, words one a line, people."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from portal.domain.organisations import MisplacedOrganisation, check_place
from portal.domain.people import clashing_assignments
from portal.enums import Role
from portal.models import (
    Assignment,
    EquipmentAlias,
    EquipmentCategory,
    EquipmentModel,
    Organisation,
    Person,
    ServiceArea,
)
from portal.permissions import organisations_in_sight, people_in_sight
from portal.ui.fields import AdminDayField


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


class OrganisationForm(TreeForm):
    """One place of the network."""

    parent = TreeChoiceField(
        Organisation.objects.all(),
        required=False,
        label=_("stands below"),
        help_text=_("Headquarters stand alone; a customer hangs below the outlet that serves it."),
    )
    areas = WordsField(
        required=False, label=_("areas served"), help_text=_("Prefectures, one a line or separated by commas.")
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "code",
            "tier",
            "parent",
            "address",
            "contact_name",
            "phone",
            "areas",
            "is_emergency_fallback",
            "min_certified",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.areas.values_list("prefecture", flat=True)
            self.fields["areas"].initial = "\n".join(names)

    def clean(self) -> dict[str, Any]:
        """Refuse a place the tier cannot have, and a new network by who only sees one."""
        data = super().clean()
        parent, tier = data.get("parent"), data.get("tier")
        if tier:
            try:
                check_place(tier, parent)
            except MisplacedOrganisation as refusal:
                self.add_error("parent", str(refusal))
        is_new_network = parent is None and (not self.instance.pk or self.instance.depth > 1)
        if is_new_network and self.for_user is not None and not self._sees_everything():
            self.add_error("parent", _("Choose where it stands; a network of its own is set up by the operator."))
        return data

    def _sees_everything(self) -> bool:
        return organisations_in_sight(self.for_user).count() == Organisation.objects.count()

    def save_words(self) -> None:
        """Make the areas those named."""
        wanted = self.cleaned_data["areas"]
        self.instance.areas.exclude(prefecture__in=wanted).delete()
        held = set(self.instance.areas.values_list("prefecture", flat=True))
        ServiceArea.objects.bulk_create(
            ServiceArea(organisation=self.instance, prefecture=area) for area in wanted if area not in held
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


class AssignmentForm(InSightForm):
    """A person in a post from a day to a day."""

    class Meta:
        model = Assignment
        fields = ["person", "position", "organisation", "start", "end"]
        field_classes = {"start": AdminDayField, "end": AdminDayField}

    def clean(self) -> dict[str, Any]:
        """Refuse an empty period and the same post twice at once."""
        data = super().clean()
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first one."))
        if data.get("person") and data.get("position") and start:
            clash = clashing_assignments(data["person"], data["position"], start, end)
            if clash.exclude(pk=self.instance.pk).exists():
                self.add_error("position", _("The person holds this position in that period already."))
        return data


class PersonForm(InSightForm):
    """A person, their roles, and a password if they are to sign in."""

    roles = forms.ModelMultipleChoiceField(
        Group.objects.filter(name__in=Role.values),
        required=False,
        label=_("roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the person does in the portal; without a role they read and learn."),
    )
    new_password = forms.CharField(
        required=False,
        strip=False,
        label=_("new password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to keep the present one; a new person without one cannot sign in."),
    )

    class Meta:
        model = Person
        fields = [
            "staff_number",
            "name",
            "organisation",
            "roles",
            "mobile",
            "email",
            "joined_on",
            "is_active",
            "new_password",
        ]
        field_classes = {"joined_on": AdminDayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("editing_self", None)
        super().__init__(*args, **kwargs)
        self.fields["roles"].label_from_instance = lambda group: Role(group.name).label
        if self.instance.pk:
            self.fields["roles"].initial = self.instance.groups.filter(name__in=Role.values)
        if self.instance.pk and self.for_user == self.instance:
            # Nobody locks themselves out or gives themselves a role.
            for name in ("is_active", "roles"):
                self.fields[name].disabled = True

    def clean_new_password(self) -> str:
        """Hold a new password to the rules of the settings."""
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        return password

    def clean_organisation(self) -> Organisation | None:
        """Keep a person inside what the editor sees."""
        organisation = self.cleaned_data["organisation"]
        if organisation is None and self.for_user is not None and not self.for_user.is_superuser:
            raise forms.ValidationError(_("Choose the organisation the person belongs to."))
        return organisation

    def save(self, commit: bool = True) -> Person:
        """Save the person, the password if one was given, and exactly the roles ticked."""
        person = super().save(commit=False)
        if self.cleaned_data["new_password"]:
            person.set_password(self.cleaned_data["new_password"])
        elif not person.pk:
            person.set_unusable_password()
        person.save()
        others = person.groups.exclude(name__in=Role.values)
        person.groups.set([*self.cleaned_data["roles"], *others])
        return person
