"""Forms of attendance: a walk-in, times from paper, a correction."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import EnrolmentState
from courses.models import Attendance, Enrolment, Meeting, Session
from courses.sessions.permissions import is_held_for, people_of_branch
from portal.access.lookup import find_person
from portal.errors import DomainError, PersonOutOfScope
from portal.models import Person
from portal.ui.fields import MomentField
from portal.ui.typed import offer_choices


class FirstErrorMixin:
    """A form that is shown as one line somewhere else: what is wrong fits into a message."""

    def first_error(self) -> str:
        """Return the first thing that is wrong."""
        return next(str(errors[0]) for errors in self.errors.values())


class WalkInForm(FirstErrorMixin, forms.Form):
    """Walk-in participant, by staff number, name, pinyin or the scanned work card."""

    staff_number = forms.CharField(label=gettext_lazy("Staff number or name"), max_length=200)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.fields["staff_number"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}

    def clean_staff_number(self) -> Person:
        """Return the person, if the session is for them."""
        typed = self.cleaned_data["staff_number"]
        try:
            person = find_person(self.session.trainer, typed, people_of_branch(self.session.organisation))
        except DomainError as error:
            offer_choices(self, error, "staff_number")
            raise forms.ValidationError(str(error)) from None
        if not is_held_for(person, self.session):
            raise forms.ValidationError(str(PersonOutOfScope(person=typed)))
        return person


class PaperForm(FirstErrorMixin, forms.Form):
    """One person's times at a meeting from the signed sheet."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), label=gettext_lazy("Person"))
    came = MomentField(label=gettext_lazy("Came at"))
    went = MomentField(label=gettext_lazy("Left at"))
    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Where other times are on record, the sheet replaces them; they stay readable."),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        initial = {"came": timezone.localtime(meeting.starts_at), "went": timezone.localtime(meeting.ends_at)}
        super().__init__(*args, initial=initial, **kwargs)
        seated = meeting.session.enrolments.filter(state=EnrolmentState.SEATED).select_related("person")
        attended = Prefetch("attendances", queryset=meeting.attendances.prefetch_related("corrections"))
        field = self.fields["enrolment"]
        field.queryset = seated.prefetch_related(attended).order_by("place_in_line")
        field.label_from_instance = _with_times_on_record


def _with_times_on_record(enrolment: Enrolment) -> str:
    present = enrolment.present
    if present is None:
        return str(enrolment.person)
    times = [timezone.localtime(moment).strftime("%H:%M") if moment else "" for moment in (present.came, present.went)]
    return f"{enrolment.person} · {'–'.join(times)}"


class CorrectionForm(forms.Form):
    """Right times of one person, or that they were not there, and why."""

    was_absent = forms.BooleanField(label=gettext_lazy("The person was not there"), required=False)
    came = MomentField(label=gettext_lazy("Came at"), required=False)
    went = MomentField(label=gettext_lazy("Left at"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Stays with the times that were recorded; everybody who may read them reads it."),
    )

    def __init__(self, *args: Any, attendance: Attendance, **kwargs: Any) -> None:
        initial = {"came": timezone.localtime(attendance.came)}
        if attendance.went is not None:
            initial["went"] = timezone.localtime(attendance.went)
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask for the time of coming unless the person was not there."""
        facts = super().clean()
        if not facts.get("was_absent") and not facts.get("came") and "came" not in self.errors:
            self.add_error("came", _("Enter when the person came."))
        return facts
