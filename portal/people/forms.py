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
from portal.registry.duty import ask_post
from portal.ui.fields import AdminDayField


class ConfirmingInput(forms.CheckboxInput):
    """A box whose value names what is confirmed: ticked for one thing, it says nothing about another."""

    def __init__(self, subject: str) -> None:
        super().__init__(check_test=lambda value: value == subject)
        self.subject = subject

    def format_value(self, value: Any) -> str:
        """Return what ticking the box sends."""
        return self.subject


class AssignmentForm(InSightForm):
    """A person in a post from a day to a day.

    New staff are trained in their post, so somebody may be given a gated post before they are qualified for it; the
    form says what is missing on the first day and asks once whether that is meant.
    """

    confirmed = forms.CharField(
        required=False, widget=forms.HiddenInput, label=_("give the post before the qualification is shown")
    )

    class Meta:
        model = Assignment
        fields = ["person", "position", "organisation", "start", "end"]
        field_classes = {"start": AdminDayField, "end": AdminDayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmet: list[str] = []

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
        if not self.errors and {"person", "position", "start"} & set(self.changed_data):
            self._ask_gate(data)
        return data

    def _ask_gate(self, data: dict[str, Any]) -> None:
        """Keep what is missing on the first day in a gated post, and refuse until it is confirmed."""
        person, position, start = data["person"], data["position"], data["start"]
        if not position.is_duty_gated:
            return
        answer = ask_post(person, position, start)
        if answer.allowed:
            return
        subject = f"{person.pk}/{position.pk}/{start.isoformat()}"
        self.fields["confirmed"].widget = ConfirmingInput(subject)
        self.unmet = [reason.message for reason in answer.reasons]
        if data["confirmed"] != subject:
            warning = _("%(post)s may only be held by certified people. On the first day is missing:")
            self.add_error("confirmed", [warning % {"post": position.title}, *self.unmet])

    def audit_facts(self) -> dict[str, Any]:
        """Return what the audit log keeps beside the changes: what was missing when the post was given all the same."""
        return {"confirmed_without": self.unmet} if self.unmet else {}


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
