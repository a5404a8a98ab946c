"""Forms of training requests: what is asked for, the list of names, the last day, times from the signed sheet."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Meeting, Nominee, Session, TrainingModule, TrainingRequest
from courses.modules.permissions import visible_modules
from courses.nominations.domain import Named
from courses.nominations.permissions import firms_to_ask_for
from courses.nominations.queries import sessions_to_answer_with
from courses.nominations.times import Times
from courses.sessions.wording import written_time
from portal.models import Organisation, Person
from portal.ui.fields import DayField, MomentField

#: Places one request can ask for; the form has a row for each.
MOST_SEATS = 60


class RequestForm(forms.Form):
    """What a customer asks for."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Customer"))
    modules = forms.ModelMultipleChoiceField(
        TrainingModule.objects.none(), label=gettext_lazy("Modules"), widget=forms.CheckboxSelectMultiple
    )
    seats = forms.IntegerField(label=gettext_lazy("Number of people"), min_value=1, max_value=MOST_SEATS, initial=10)
    place = forms.CharField(label=gettext_lazy("Training place"), max_length=160, required=False)
    wished_on = DayField(label=gettext_lazy("Wished day"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=80)
    contact_mobile = forms.CharField(label=gettext_lazy("Mobile"), max_length=20, required=False)
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, help_text=gettext_lazy("The link to name people goes there.")
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, session: Session | None = None, **kwargs: Any) -> None:
        firms = firms_to_ask_for(person).order_by("path")
        if session is not None:
            firms = firms.filter(pk=session.organisation_id)
        first = firms.first()
        given: dict[str, Any] = {"form_key": uuid.uuid4(), "organisation": first.pk if firms.count() == 1 else None}
        if first is not None and person.places and first in person.places:
            given |= {"contact_name": person.name, "contact_mobile": person.mobile, "contact_email": person.email}
        if session is not None:
            given |= {"modules": [part.module_id for part in session.parts.all()], "place": session.place}
            given |= {"seats": min(session.capacity, MOST_SEATS)}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["organisation"].queryset = firms
        self.fields["modules"].queryset = visible_modules(person).order_by("code")


class NamesForm(forms.Form):
    """The list of a customer's people, one row a place, with the day and place it wishes while nothing is planned."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.CharField(label=gettext_lazy("Training place"), max_length=160, required=False)
    wished_on = DayField(label=gettext_lazy("Wished day"), required=False)

    def __init__(self, *args: Any, request: TrainingRequest, people: list[Nominee], **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "version": request.version,
            "place": request.place,
            "wished_on": request.wished_on,
        }
        for row, nominee in enumerate(people, start=1):
            given |= {f"name_{row}": nominee.name, f"post_{row}": nominee.post, f"mobile_{row}": nominee.mobile}
        super().__init__(*args, initial=given, **kwargs)
        self.request = request
        if request.session_id is not None:
            del self.fields["place"], self.fields["wished_on"]
        for row in range(1, request.seats + 1):
            self.fields[f"name_{row}"] = forms.CharField(label=_("Name"), max_length=80, required=False)
            self.fields[f"post_{row}"] = forms.CharField(label=_("Post"), max_length=80, required=False)
            self.fields[f"mobile_{row}"] = forms.CharField(label=_("Mobile"), max_length=20, required=False)
            self.fields[f"mobile_{row}"].widget.attrs |= {"inputmode": "tel"}

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each row with its number."""
        parts = ("name", "post", "mobile")
        return [(row, [self[f"{part}_{row}"] for part in parts]) for row in range(1, self.request.seats + 1)]

    def head(self) -> list[forms.BoundField]:
        """Return the fields above the rows."""
        return [self[name] for name in ("place", "wished_on") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Ask for the name in rows that say something else."""
        facts = super().clean()
        for row in range(1, self.request.seats + 1):
            if not facts.get(f"name_{row}") and (facts.get(f"post_{row}") or facts.get(f"mobile_{row}")):
                self.add_error(f"name_{row}", _("Row %(row)s has no name.") % {"row": row})
        return facts

    def named(self) -> list[Named]:
        """Return the rows with a name."""
        facts = self.cleaned_data
        return [
            Named(row, facts[f"name_{row}"], facts[f"post_{row}"], facts[f"mobile_{row}"])
            for row in range(1, self.request.seats + 1)
            if facts[f"name_{row}"]
        ]


class NameByForm(forms.Form):
    """Until when the contact may change the list."""

    name_by = DayField(label=gettext_lazy("Names until (that day included)"))


class DeclineForm(forms.Form):
    """Why the training cannot be held."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("The contact reads it in the letter.")
    )


class PlanForm(forms.Form):
    """The session that answers the request."""

    session = forms.ModelChoiceField(Session.objects.none(), label=gettext_lazy("Session"))

    def __init__(self, *args: Any, request: TrainingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions_to_answer_with(request)
        self.fields["session"].label_from_instance = lambda found: f"{found.title} · {written_time(found)}"


class TimesForm(forms.Form):
    """Times of named people from the signed sheet: the same for all who are ticked."""

    nominees = forms.ModelMultipleChoiceField(
        Nominee.objects.none(), label=gettext_lazy("Who was there"), widget=forms.CheckboxSelectMultiple
    )
    came = MomentField(label=gettext_lazy("Came at"), required=False)
    went = MomentField(label=gettext_lazy("Left at"), required=False)
    absent = forms.BooleanField(label=gettext_lazy("Those ticked were not there"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed where other times are on record; they stay readable."),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        given = {"came": timezone.localtime(meeting.starts_at), "went": timezone.localtime(meeting.ends_at)}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["nominees"].queryset = Nominee.objects.of_session(meeting.session)

    def clean(self) -> dict[str, Any]:
        """Ask for both times unless the people were not there."""
        facts = super().clean()
        for name in ("came", "went"):
            if not facts.get("absent") and not facts.get(name) and name not in self.errors:
                self.add_error(name, _("Enter the time from the sheet."))
        return facts

    def times(self) -> dict[int, Times]:
        """Return the times by named person."""
        facts = self.cleaned_data
        when = None if facts["absent"] else (facts["came"], facts["went"])
        return {nominee.pk: when for nominee in facts["nominees"]}
