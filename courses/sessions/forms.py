"""Forms of training: the facts of a session, a walk-in, times from paper, a reason."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import EnrolmentState, SeatApproval, SessionKind
from courses.models import Attendance, Enrolment, Session, TrainingModule
from courses.sessions.arrangement import SessionPlan
from courses.sessions.moving import place_in_schedule
from courses.sessions.permissions import (
    is_held_for,
    organisations_to_schedule_for,
    people_of_branch,
    trainers_to_schedule,
)
from portal.access.lookup import find_person
from portal.access.sight import units_in_sight
from portal.enums import Audience, Role
from portal.errors import DomainError, PersonOutOfScope
from portal.models import EquipmentUnit, Organisation, Person
from portal.templatetags.portal_format import hours
from portal.typed import number_form, number_key, split_list
from portal.ui.fields import DayField, MomentField
from portal.ui.stale import SeenVersionForm
from portal.ui.typed import offer_choices


class FirstErrorMixin:
    """A form that is shown as one line somewhere else: what is wrong fits into a message."""

    def first_error(self) -> str:
        """Return the first thing that is wrong."""
        return next(str(errors[0]) for errors in self.errors.values())


class SessionFields(forms.Form):
    """What a session and its rescheduling have in common."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Left empty, the title of the module is used."),
    )
    trainer = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Taught by"))
    starts_at = MomentField(label=gettext_lazy("Starts"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    break_minutes = forms.IntegerField(label=gettext_lazy("Minutes of breaks"), min_value=0, max_value=600, initial=60)
    place = forms.CharField(
        label=gettext_lazy("Training place"),
        max_length=160,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    capacity = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=500, initial=12)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SessionKind.choices)
    approval = forms.ChoiceField(
        label=gettext_lazy("Who approves seats"),
        choices=SeatApproval.choices,
        initial=SeatApproval.NOBODY,
        required=False,
    )
    book_until = MomentField(label=gettext_lazy("Book until"), required=False, day_means="end")
    cancel_until = MomentField(label=gettext_lazy("Give back until"), required=False, day_means="end")
    offer_hours = forms.IntegerField(
        label=gettext_lazy("Hours an offered seat is held"),
        min_value=0,
        max_value=336,
        initial=24,
        required=False,
        help_text=gettext_lazy("0: who waits gets a free seat at once, without being asked."),
    )
    machines = forms.CharField(
        label=gettext_lazy("Machines used"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Serial numbers, with commas between them; a machine is used in one session at a time."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for participants"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainer"].queryset = trainers_to_schedule(person).order_by("name")
        self.person = person

    def clean_machines(self) -> list[EquipmentUnit]:
        """Return the machines, which are in the sight of whoever schedules."""
        serials = split_list(self.cleaned_data["machines"])
        found = list(units_in_sight(self.person).filter(serial_key__in=[number_key(serial) for serial in serials]))
        known = {number_form(unit.serial) for unit in found}
        if missing := [serial for serial in serials if number_form(serial) not in known]:
            text = _("No machine with this number is in your sight: %(serials)s.")
            raise forms.ValidationError(text % {"serials": "、".join(missing)[:200]})
        return found

    def clean(self) -> dict[str, Any]:
        """Check that the end is after the start, with the error at the field."""
        facts = super().clean()
        start, end = facts.get("starts_at"), facts.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The session must end after it begins."))
        for name in ("book_until", "cancel_until"):
            if start and facts.get(name) and facts[name] > start:
                self.add_error(name, _("The last moment lies after the start."))
        facts["approval"] = facts.get("approval") or SeatApproval.NOBODY
        facts["offer_hours"] = facts.get("offer_hours") or 0
        return facts


class ScheduleForm(SessionFields):
    """A new session."""

    modules = forms.ModelMultipleChoiceField(
        TrainingModule.objects.none(),
        label=gettext_lazy("Modules"),
        widget=forms.CheckboxSelectMultiple,
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Held for"),
        help_text=gettext_lazy("People of this branch may book; a customer's session is for its people."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes taught of each module"),
        required=False,
        min_value=1,
        max_value=2000,
        help_text=gettext_lazy("Left empty, each module is taught in full."),
    )
    already_held = forms.BooleanField(
        label=gettext_lazy("Already held: record training that took place"), required=False
    )

    field_order = ("modules", "trainer", "organisation", "starts_at", "ends_at", "break_minutes", "place", "capacity")

    def __init__(self, *args: Any, person: Person, initial: dict[str, Any], **kwargs: Any) -> None:
        module = TrainingModule.objects.filter(code=initial.get("module") or "", live=True).first()
        tomorrow = timezone.localtime().replace(hour=8, minute=30, second=0, microsecond=0) + dt.timedelta(days=1)
        given = {
            "modules": [module.pk] if module else [],
            "trainer": person.pk,
            "organisation": person.organisation_id,
            "starts_at": tomorrow,
            "ends_at": tomorrow + dt.timedelta(hours=9),
        }
        super().__init__(*args, person=person, initial=given, **kwargs)
        modules = TrainingModule.objects.filter(live=True).order_by("code")
        if not person.has_role(Role.MANAGER, Role.ADMINISTRATOR):
            modules = modules.filter(trainers=person)
        self.fields["modules"].queryset = modules
        self.fields["modules"].label_from_instance = lambda found: f"{found.title}（{hours(found.minutes)}）"
        self.fields["organisation"].queryset = organisations_to_schedule_for(person).order_by("path")

    def plan(self) -> SessionPlan:
        """Return what was planned. A session held for a customer is for customers to see."""
        facts = dict(self.cleaned_data)
        del facts["already_held"]
        minutes = facts.pop("minutes")
        facts["modules"] = {module: minutes or module.minutes for module in facts["modules"]}
        facts["audience"] = Audience.CUSTOMERS if facts["organisation"].is_customer else Audience.STAFF
        return SessionPlan(**facts)


class RescheduleForm(SeenVersionForm, SessionFields):
    """A session that is being moved; what another person has saved meanwhile is not overwritten."""

    def __init__(self, *args: Any, person: Person, session: Session, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name not in ("trainer", "machines", "seen_version")]
        initial = {name: getattr(session, name) for name in names} | {"trainer": session.trainer_id}
        initial["machines"] = "、".join(session.machines.order_by("serial").values_list("serial", flat=True))
        super().__init__(*args, person=person, initial=initial, **kwargs)
        trainers = trainers_to_schedule(person) | Person.objects.filter(pk=session.trainer_id)
        self.fields["trainer"].queryset = trainers.distinct().order_by("name")
        self.fields["title"].required = True
        self.fields["title"].help_text = ""
        self.stamp()

    def facts(self) -> dict[str, Any]:
        """Return the changes for ``reschedule_session``."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}


class MoveForm(SeenVersionForm):
    """Where a session is moved to; the fields a drag fills in."""

    day = DayField(label=gettext_lazy("Day"))
    time = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    trainer = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Taught by"))
    place = forms.CharField(
        label=gettext_lazy("Training place"),
        max_length=160,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: Person, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, initial=place_in_schedule(session), **kwargs)
        trainers = trainers_to_schedule(person) | Person.objects.filter(pk=session.trainer_id)
        self.fields["trainer"].queryset = trainers.distinct().order_by("name")
        self.session = session
        self.stamp()

    def versioned_content(self) -> dict[str, Any]:
        """Return what cards of the schedule are stamped with as well."""
        return place_in_schedule(self.session)

    def facts(self) -> dict[str, Any]:
        """Return what ``move_session`` takes."""
        data = self.cleaned_data
        starts_at = timezone.make_aware(dt.datetime.combine(data["day"], data["time"]))
        return {
            "starts_at": starts_at,
            "trainer": data["trainer"],
            "place": data["place"],
            "seen": data["seen_version"],
        }


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
    """One person's times from the signed sheet."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), label=gettext_lazy("Person"))
    came = MomentField(label=gettext_lazy("Came at"))
    went = MomentField(label=gettext_lazy("Left at"))
    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Where other times are on record, the sheet replaces them; they stay readable."),
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        initial = {"came": timezone.localtime(session.starts_at), "went": timezone.localtime(session.ends_at)}
        super().__init__(*args, initial=initial, **kwargs)
        seated = session.enrolments.filter(state=EnrolmentState.SEATED).select_related("person", "attendance")
        field = self.fields["enrolment"]
        field.queryset = seated.prefetch_related("attendance__corrections").order_by("place_in_line")
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


class ConfirmedForm(forms.Form):
    """Says that somebody was asked once more."""

    confirmed = forms.CharField(widget=forms.HiddenInput, initial="1")


class CancelForm(forms.Form):
    """Why a session is called off."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Everybody booked reads it in the letter and in the calendar."),
    )


class ReasonForm(forms.Form):
    """Why a seat is given back, or not approved."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class ReservationForm(forms.Form):
    """Seats kept for a branch until a day."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("branch"))
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=500)
    until = DayField(label=gettext_lazy("Reserved until"))

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Organisation.objects.filter(path__startswith=session.organisation.path).order_by("path")
        self.fields["organisation"].queryset = below
