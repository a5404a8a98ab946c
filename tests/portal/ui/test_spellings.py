"""Every field and filter for a day or a moment reads the usual spellings, whoever wrote the form."""

import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.urls import get_resolver, reverse
from wagtail.admin.forms.models import formfield_for_dbfield

from courses.plans.forms import WindowForm
from courses.sessions.forms.scheduling import SessionFields
from portal.enums import Role
from portal.ui.fields import BOUNDS
from tests.factories.portal import OrganisationFactory, PersonFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.date(2028, 6, 8)
DAYS = (
    "2028-06-08",
    "2028-6-8",
    "2028/6/8",
    "2028.6.8",
    "2028年6月8日",
    "２０２８-６-８",
    "２０２８／６／８",
    "20280608",
)
MOMENTS = tuple(f"{day} {time}" for day in DAYS for time in ("8:30", "０８：３０"))
START, MOMENT = (dt.datetime(2028, 6, 8, *time, tzinfo=SHANGHAI) for time in ((0, 0), (8, 30)))
END = dt.datetime(2028, 6, 8, 23, 59, 59, 999_999, tzinfo=SHANGHAI)
READ_HERE = (forms.DateField, forms.DateTimeField, django_filters.fields.DateRangeField)
# Moments that a script sends, and forms of Django that no address serves.
WRITTEN_BY_SCRIPTS = {("kb.diagnosis.forms", "LateRunForm"), ("django.contrib.auth.forms", "UserChangeForm")}


def below(base: type) -> Iterator[type]:
    """Yield every class below another."""
    for kind in base.__subclasses__():
        yield kind
        yield from below(kind)


def ours(kind: type) -> bool:
    return not kind.__module__.startswith("tests.")


def form_fields() -> Iterator[tuple[str, forms.Field]]:
    """Yield the fields of every form there is, and those the admin makes of every model's columns."""
    for form in below(forms.BaseForm):
        if ours(form) and (form.__module__, form.__name__) not in WRITTEN_BY_SCRIPTS:
            for name, field in getattr(form, "base_fields", {}).items():
                yield f"{form.__name__}.{name}", field
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.DateField) and column.editable:
                yield f"{model.__name__}.{column.name}", formfield_for_dbfield(column)


def filters() -> Iterator[tuple[str, forms.Field]]:
    """Yield the fields of every filter of a list or report of the admin."""
    for filterset in below(django_filters.filterset.BaseFilterSet):
        for name, narrowing in filterset.base_filters.items():
            if issubclass(narrowing.field_class, READ_HERE):
                yield f"{filterset.__name__}.{name}", deepcopy(narrowing).field


def misread(field: forms.Field, typed: tuple[str, ...], meant: Any) -> list[str]:
    """Return the spellings of which a field does not make what is meant."""
    wrong = []
    for text in typed:
        try:
            read = field.clean(text)
        except forms.ValidationError as error:
            wrong.append(f"{text}: {error.messages}")
        else:
            wrong += [] if read == meant else [f"{text}: {read}"]
    return wrong


def wrongly_read(field: forms.Field) -> list[str]:
    """Return what a field for a day, a moment or days from and to misreads."""
    if isinstance(field, forms.DateTimeField):
        means = {"start": START, "end": END, None: None}[getattr(field, "day_means", None)]
        return misread(field, MOMENTS, MOMENT) + (misread(field, DAYS, means) if means else [])
    if isinstance(field, forms.DateField):
        return misread(field, DAYS, DAY)
    if isinstance(field, django_filters.fields.DateRangeField):
        return [wrong for inner in field.fields for wrong in misread(inner, DAYS, DAY)]
    return []


def test_every_field_and_filter_reads_the_usual_spellings():
    assert get_resolver().url_patterns
    walked = [*form_fields(), *filters()]
    wrong = {name: found for name, field in walked if (found := wrongly_read(field))}
    assert wrong == {}
    names = {name for name, _field in walked}
    assert {
        "ScheduleForm.book_until",
        "SiteHistoryReportFilterSet.timestamp",
        "WorkflowReportFilterSet.created_at",
    } <= names


def test_a_day_alone_that_bounds_a_moment_is_meant_whole():
    read = {}
    for name, field in form_fields():
        if name.rpartition(".")[2] in BOUNDS or name in ("ScheduleForm.book_until", "RescheduleForm.cancel_until"):
            read[name] = {field.clean(text) for text in DAYS}
    assert {"ScheduleForm.book_until", "FaultArticle.go_live_at", "HomePage.expire_at", "Quiz.closes_at"} < read.keys()
    starts = {name for name, moments in read.items() if moments == {START}}
    ends = {name for name, moments in read.items() if moments == {END}}
    assert starts == {name for name in read if name.endswith(("go_live_at", "opens_at"))}
    assert ends == read.keys() - starts


def test_the_last_minute_a_picker_shows_of_a_day_stays_its_end():
    field = SessionFields.base_fields["book_until"]
    assert field.clean("2028-06-08T23:59") == END
    assert field.clean("2028-06-08T23:58") == END.replace(minute=58, second=0, microsecond=0)


@pytest.mark.parametrize(
    "typed",
    [
        "2026/10/1\n2026-10-2",
        "２０２６／１０／１、2026年10月2日",
        "2026-10-1 2026.10.2",
        "2026 年 10 月 1 日\r\n20261002",
    ],
)
def test_days_on_which_nothing_is_held_are_read_alike(typed):
    form = WindowForm({"first": "2026-09-01", "last": "2026-12-01", "weekdays": [0], "closed": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["closed"] == [dt.date(2026, 10, 1), dt.date(2026, 10, 2)]


def test_what_is_no_day_is_named():
    form = WindowForm({"first": "2026-09-01", "last": "2026-12-01", "weekdays": [0], "closed": "2026/10/1\n国庆"})
    assert form.errors == {"closed": ["“国庆”不是日期。"]}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["site_history", "workflow", "workflow_tasks", "locked_pages"])
def test_reports_of_wagtail_take_full_width_days(client_of, name):
    administrator = PersonFactory(organisation=OrganisationFactory(), roles=[Role.ADMINISTRATOR], is_superuser=True)
    filtered = {"site_history": "timestamp", "workflow": "created_at", "workflow_tasks": "started_at"}
    field = filtered.get(name, "locked_at")
    page = client_of(administrator).get(reverse(f"wagtailadmin_reports:{name}"), {f"{field}_from": "２０２８／６／８"})
    assert page.status_code == 200
    assert page.context["filters"].form.errors == {}
    assert page.context["filters"].form.cleaned_data[field].start.date() == DAY
