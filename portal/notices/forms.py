"""Forms: channels by kind, a robot."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.access.sight import organisations_in_sight
from portal.models import NoticeChoice, Organisation, Person, RobotKind
from portal.registry.notices import notice_kinds

CHANNELS = [
    ("by_mail", gettext_lazy("by e-mail")),
    ("in_portal", gettext_lazy("in the portal")),
    ("by_robot", gettext_lazy("in the group chat")),
]


class ChannelsForm(forms.Form):
    """By which channels somebody wants which kind of notice."""

    def __init__(self, *args: Any, person: Person, has_robot: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        chosen = {choice.kind: choice for choice in NoticeChoice.objects.filter(person=person)}
        offered = CHANNELS if has_robot else CHANNELS[:2]
        for kind in notice_kinds(person):
            choice = chosen.get(kind.name) or NoticeChoice(kind=kind.name)
            self.fields[kind.name] = forms.MultipleChoiceField(
                label=kind.label,
                choices=offered,
                widget=forms.CheckboxSelectMultiple,
                initial=[name for name, _label in CHANNELS if getattr(choice, name)],
                error_messages={"required": gettext_lazy("Choose at least one channel.")},
            )

    def save(self) -> None:
        """Keep the choices."""
        for kind, names in self.cleaned_data.items():
            channels = {name: name in names for name, _label in CHANNELS}
            NoticeChoice.objects.update_or_create(person=self.person, kind=kind, defaults=channels)


class RobotForm(forms.Form):
    """A robot of a branch's group chat; what was saved is never shown again."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Organisation"))
    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Service"), choices=RobotKind.choices)
    address = forms.CharField(
        label=gettext_lazy("Webhook address"), max_length=400, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    secret = forms.CharField(
        label=gettext_lazy("Signing secret (DingTalk)"),
        max_length=120,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_in_sight(person).order_by("path")
