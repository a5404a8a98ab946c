"""Admin forms of people and their assignments."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from portal.access.roles import grantable_roles
from portal.admin.forms import InSightForm
from portal.enums import Role
from portal.models import (
    Assignment,
    Organisation,
    Person,
)
from portal.people.domain import clashing_assignments
from portal.ui.fields import AdminDayField


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
        self.given = grantable_roles(self.for_user) if self.for_user is not None else tuple(Role)
        if not self.instance.pk or self.for_user != self.instance:
            self.fields["roles"].queryset = Group.objects.filter(name__in=self.given)
        else:
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
        if not self.fields["roles"].disabled:
            others = person.groups.exclude(name__in=self.given)
            person.groups.set([*self.cleaned_data["roles"], *others])
        return person
