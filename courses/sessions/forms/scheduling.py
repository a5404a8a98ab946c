"""Forms that schedule, change and cancel a session."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import SeatApproval, SessionKind
from courses.models import Session, TrainingModule
from courses.sessions.forms.meetings import (
    COUNT,
    PREFIX,
    MeetingRows,
    break_field,
    check_breaks,
    lines_of,
    place_field,
    row_of,
)
from courses.sessions.meetings.domain import MeetingPlan, plan_of
from courses.sessions.meetings.repeating import from_day
from courses.sessions.meetings.replanning import OF_FIRST
from courses.sessions.permissions import organisations_to_schedule_for, trainers_to_schedule
from courses.sessions.scheduling.arrangement import SessionPlan
from portal.access.sight import units_in_sight
from portal.enums import Audience, Role
from portal.models import EquipmentUnit, Organisation, Person
from portal.templatetags.portal_format import hours
from portal.typed import number_form, number_key, split_list
from portal.ui.fields import MomentField
from portal.ui.stale import FIELD, Difference, SeenVersionForm


class SessionFields(forms.Form):
    """What a session and its rescheduling have in common.

    Start, end, breaks and place are those of the first meeting; ``more`` are the rows of the further ones.
    """

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Left empty, the title of the module is used."),
    )
    trainer = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Taught by"))
    starts_at = MomentField(label=gettext_lazy("Starts"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    break_minutes = break_field()
    place = place_field()
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

    def __init__(self, *args: Any, person: Person, further: Sequence[MeetingPlan] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainer"].queryset = trainers_to_schedule(person).order_by("name")
        self.person = person
        # A post that says nothing of further meetings leaves them as they are.
        self.further = list(further)
        self.has_rows = self.is_bound and COUNT in self.data
        self.more = MeetingRows(
            self.data if self.has_rows else None, initial=[row_of(plan) for plan in further], prefix=PREFIX
        )

    def is_valid(self) -> bool:
        """Whether the facts and the further meetings are in order."""
        is_whole = not self.has_rows or self.more.is_valid()
        return super().is_valid() and is_whole

    def further_meetings(self) -> list[MeetingPlan]:
        """Return the meetings after the first one, as they were filled in."""
        return self.more.plans() if self.has_rows else self.further

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
        """Check that the end is after the start and that the breaks leave time, with the error at the field."""
        facts = super().clean()
        start, end = facts.get("starts_at"), facts.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The session must end after it begins."))
        check_breaks(self, facts)
        if start and self.has_rows and self.more.is_valid():
            start = min([start, *(plan.starts_at for plan in self.more.plans())])
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

    def __init__(
        self, *args: Any, person: Person, initial: dict[str, Any], copied: Session | None = None, **kwargs: Any
    ) -> None:
        module = TrainingModule.objects.filter(code=initial.get("module") or "", live=True).first()
        tomorrow = timezone.localtime().replace(hour=8, minute=30, second=0, microsecond=0) + dt.timedelta(days=1)
        given = {
            "modules": [module.pk] if module else [],
            "trainer": person.pk,
            "organisation": person.organisation_id,
            "starts_at": tomorrow,
            "ends_at": tomorrow + dt.timedelta(hours=9),
        }
        if copied is not None:
            given |= _facts_of(copied)
            first, *further = from_day([plan_of(one) for one in copied.meetings.all()], initial["day"])
            given |= {name: getattr(first, name) for name in OF_FIRST}
            kwargs["further"] = further
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
        return SessionPlan(**facts, more=self.further_meetings())


def _facts_of(session: Session) -> dict[str, Any]:
    """Return what a copy of a session says beside its meetings; its terms are not copied."""
    names = ("title", "kind", "capacity", "approval", "offer_hours", "note")
    parts = list(session.parts.select_related("module"))
    taught = {part.minutes for part in parts}
    is_whole = all(part.minutes == part.module.minutes for part in parts)
    return {name: getattr(session, name) for name in names} | {
        "modules": [part.module_id for part in parts],
        "trainer": session.trainer_id,
        "organisation": session.organisation_id,
        "minutes": None if is_whole else max(taught),
        "machines": machines_of(session),
    }


def machines_of(session: Session) -> str:
    """Return the serial numbers of the machines used, as they are typed."""
    return "、".join(session.machines.order_by("serial").values_list("serial", flat=True))


class RescheduleForm(SeenVersionForm, SessionFields):
    """A session that is being moved; what another person has saved meanwhile is not overwritten."""

    drop_first = forms.BooleanField(label=gettext_lazy("Take the first meeting out"), required=False)
    why_dropped = forms.CharField(
        label=gettext_lazy("Why meetings are taken out"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Everybody booked reads it in the letter. Needed once check-in was open; hours of other meetings stay."
        ),
    )

    def __init__(self, *args: Any, person: Person, session: Session, **kwargs: Any) -> None:
        apart = ("trainer", "machines", "seen_version", "drop_first", "why_dropped", *OF_FIRST)
        self.first, *further = [plan_of(meeting) for meeting in session.meetings.all()]
        initial = {name: getattr(session, name) for name in self.base_fields if name not in apart}
        initial |= {name: getattr(self.first, name) for name in OF_FIRST}
        initial |= {"trainer": session.trainer_id, "machines": machines_of(session)}
        super().__init__(*args, person=person, initial=initial, further=further, **kwargs)
        if not further:
            del self.fields["drop_first"], self.fields["why_dropped"]
        trainers = trainers_to_schedule(person) | Person.objects.filter(pk=session.trainer_id)
        self.fields["trainer"].queryset = trainers.distinct().order_by("name")
        self.fields["title"].required = True
        self.fields["title"].help_text = ""
        self.stamp()

    def facts(self) -> dict[str, Any]:
        """Return the changes for ``reschedule_session``."""
        apart = ("seen_version", "drop_first", *OF_FIRST)
        facts = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return facts | {"meetings": self.meetings()}

    def meetings(self) -> list[MeetingPlan]:
        """Return all meetings as they were filled in."""
        first = replace(self.first, **{name: self.cleaned_data[name] for name in OF_FIRST})
        return [*([] if self.cleaned_data.get("drop_first") else [first]), *self.further_meetings()]

    def versioned_content(self) -> dict[str, Any]:
        """Return what the form shows of the session, with its further meetings."""
        return super().versioned_content() | {"more": [row_of(plan) for plan in self.further]}

    def overtaken_by(self, theirs: SeenVersionForm) -> list[Difference]:
        """Return what differs, the further meetings included."""
        found = super().overtaken_by(theirs)
        is_stale = self[FIELD].data and self[FIELD].data != theirs.initial[FIELD]
        mine, stored = lines_of(self.further_meetings()), lines_of(getattr(theirs, "further", ()))
        return [*found, Difference(_("Further meetings"), mine, stored)] if is_stale and mine != stored else found

    def clean(self) -> dict[str, Any]:
        """Leave at least one meeting."""
        facts = super().clean()
        is_known = not self.has_rows or self.more.is_valid()
        if facts.get("drop_first") and is_known and not self.further_meetings():
            self.add_error("drop_first", _("A session has at least one meeting. Cancel the session instead."))
        return facts


class CancelForm(forms.Form):
    """Why a session is called off."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Everybody booked reads it in the letter and in the calendar."),
    )
