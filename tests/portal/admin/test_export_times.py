"""Exports of the Wagtail admin: moments in the organisation's zone, and the heading says which."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import log

from portal.admin.exports import use_one_writer
from portal.enums import Role
from portal.exchange.exports import Table, write_csv
from portal.models import AuditEvent
from tests.factories.portal import PersonFactory

# 23:30 in Shanghai is the same day, 15:30 in London: whoever reads UTC is eight hours off.
MOMENT = dt.datetime(2026, 3, 18, 15, 30, 5, tzinfo=dt.UTC)


@pytest.fixture
def administrator(db, time_machine):
    time_machine.move_to(MOMENT, tick=False)
    return PersonFactory(roles=[Role.ADMINISTRATOR], is_superuser=True)


@pytest.fixture
def entry(administrator):
    """An entry of the site history."""
    return log(PersonFactory(name="小林"), "wagtail.edit", user=administrator)


def workbook_of(response) -> list[tuple]:
    content = response.content
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_site_history_as_workbook_is_in_the_zone_and_says_so(client_of, administrator, entry):
    address = reverse("wagtailadmin_reports:site_history")
    heading, *rows = workbook_of(client_of(administrator).get(address, {"export": "xlsx"}))
    assert heading[-1].endswith("（Asia/Shanghai）")
    assert [row[-1] for row in rows] == [dt.datetime(2026, 3, 18, 23, 30, 5)]


def test_site_history_as_csv_says_the_same_moment(client_of, administrator, entry):
    address = reverse("wagtailadmin_reports:site_history")
    response = client_of(administrator).get(address, {"export": "csv"})
    heading, *rows = response.content.decode("utf-8-sig").splitlines()
    assert "（Asia/Shanghai）" in heading
    assert [row.rsplit(",", 1)[-1] for row in rows] == ["2026-03-18 23:30:05"]


def test_audit_log_names_the_zone_of_its_moments(client_of, administrator):
    AuditEvent.objects.create(action="test.done", subject="test:1", detail={})
    response = client_of(administrator).get(reverse("audit_report"), {"export": "csv"})
    heading, *rows = response.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("时间（Asia/Shanghai）")
    assert any("2026-03-18 23:30:05" in row for row in rows)


def test_headings_of_other_columns_stay(client_of, administrator):
    AuditEvent.objects.create(action="test.done", subject="test:1", detail={})
    response = client_of(administrator).get(reverse("audit_report"), {"export": "csv"})
    heading = response.content.decode("utf-8-sig").splitlines()[0]
    assert heading.count("Asia/Shanghai") == 1


def test_another_organisation_has_another_zone(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    written = write_csv(Table("表", ["时间"], [[MOMENT]])).decode("utf-8-sig")
    assert written.splitlines() == ["时间（Europe/Berlin）", "2026-03-18 16:30:05"]


def test_set_up_once_however_often_it_is_registered():
    before = SpreadsheetExportMixin.as_spreadsheet
    use_one_writer()
    assert SpreadsheetExportMixin.as_spreadsheet is before
