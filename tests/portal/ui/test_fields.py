"""Fields for days and moments, on pages and in the admin."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.urls import reverse
from django.utils import translation
from wagtail.admin.widgets import AdminDateInput

from certification import forms as certification_forms
from certification.practicals.forms import AppointmentForm
from courses.sessions.forms import attendance, meetings, moving, scheduling, seats
from kb.faults.panels import fault_panels
from kb.models import FaultArticle
from portal.access.audit import record
from portal.admin.audit_report import AuditFilterSet
from portal.enums import Role
from portal.equipment.admin import UnitForm
from portal.models import EquipmentUnit
from portal.people.forms import AssignmentForm, PersonForm
from portal.ui.fields import DayField, DayInput, MomentField
from tests.factories.portal import EquipmentModelFactory, OrganisationFactory, PersonFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Both(forms.Form):
    """One field of each kind."""

    on = DayField(required=False)
    at = MomentField(required=False)
    known_at = MomentField(required=False, day_means="end", widget=DayInput)


@pytest.mark.parametrize("text", ["2028-6-28", "2028/6/28", " ２０２８年６月２８日 ", dt.date(2028, 6, 28)])
def test_a_day_is_read_however_it_is_written(text):
    form = Both({"on": text})
    assert form.is_valid()
    assert form.cleaned_data["on"] == dt.date(2028, 6, 28)


def test_nothing_typed_is_nothing():
    form = Both({"on": "　", "at": " ", "known_at": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"on": None, "at": None, "known_at": None}


def test_a_moment_needs_its_time_unless_the_day_is_a_bound():
    form = Both({"at": "2028/6/28", "known_at": "2028/6/28"})
    assert not form.is_valid()
    assert form.errors == {"at": ["请补上具体时刻，例如 08:30。"]}
    assert form.cleaned_data["known_at"] == dt.datetime(2028, 6, 28, 23, 59, 59, 999_999, tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["2028-06-28T08:30", "２０２８/６/２８　８：３０", "2028-06-28 00:30Z"])
def test_a_moment_is_read_however_it_is_written(text):
    form = Both({"at": text})
    assert form.is_valid()
    assert form.cleaned_data["at"] == dt.datetime(2028, 6, 28, 8, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("field", "text"), [("on", "2028-02-30"), ("at", "明天 8:30"), ("known_at", "x")])
def test_what_cannot_be_read_is_said_and_stays(field, text):
    form = Both({field: text})
    assert [len(errors) for errors in form.errors.values()] == [1]
    assert text in form.errors[field][0]
    assert f'value="{text}"' in str(form[field])


def test_what_was_typed_is_shown_again_as_the_browsers_field_takes_it():
    form = Both({"on": "2028年6月28日", "at": "2028/6/28 8:30", "known_at": "2028.6.28"})
    shown = {name: form[name].value() for name in form.fields}
    assert 'value="2028-06-28"' in str(form["on"])
    assert 'value="2028-06-28T08:30"' in str(form["at"])
    assert 'value="2028-06-28"' in str(form["known_at"])
    assert shown["on"] == dt.date(2028, 6, 28)


def date_fields(form_class: type[forms.BaseForm]) -> dict[str, forms.Field]:
    return {
        name: field
        for name, field in form_class.base_fields.items()
        if isinstance(field, forms.DateField | forms.DateTimeField)
    }


@pytest.mark.parametrize(
    "form_class",
    [
        form
        for module in (certification_forms, attendance, meetings, moving, scheduling, seats)
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__
    ]
    + [AppointmentForm, AssignmentForm, PersonForm, UnitForm]
    + [fault_panels.bind_to_model(FaultArticle).get_form_class()],
)
def test_every_form_of_ours_takes_days_that_way(form_class):
    odd = [name for name, field in date_fields(form_class).items() if not isinstance(field, DayField | MomentField)]
    assert odd == []


def test_the_admin_keeps_its_own_picker():
    assert {name: type(field.widget) for name, field in date_fields(UnitForm).items()} == {
        "purchased_on": AdminDateInput,
        "installed_on": AdminDateInput,
        "warranty_until": AdminDateInput,
    }


@pytest.mark.django_db
def test_a_machine_is_entered_with_days_as_people_type_them(client_of):
    administrator = PersonFactory(organisation=OrganisationFactory(), roles=[Role.ADMINISTRATOR])
    model = EquipmentModelFactory()
    form = {"serial": "SN-1", "model": model.pk, "place": "后厨", "installed_on": "２０２８年６月２８日"}
    response = client_of(administrator).post(reverse("equipmentunit:add"), form)
    assert response.status_code == 302
    assert EquipmentUnit.objects.get().installed_on == dt.date(2028, 6, 28)


@pytest.mark.django_db
def test_the_last_day_of_a_report_counts_to_its_end():
    record("test.done", "test:1")
    event_day = dt.date.today()
    for text in (f"{event_day.year}/{event_day.month}/{event_day.day}", f"{event_day:%Y年%m月%d日}"):
        found = AuditFilterSet({"at_from": text, "at_to": text}).qs
        assert [event.action for event in found] == ["test.done"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_fields_of_others_take_the_same_days(language):
    """Wagtail's own filters use Django's fields; what they take stands in the formats."""
    with translation.override(language):
        typed = ("2028-6-28", "2028/6/28", "2028.6.28", "2028年6月28日")
        days = {forms.DateField().clean(text) for text in typed}
        with pytest.raises(forms.ValidationError):
            forms.DateField().clean("6/28/2028")
    assert days == {dt.date(2028, 6, 28)}
