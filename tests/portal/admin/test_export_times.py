"""Exports of the Wagtail admin: moments in the organisation's zone, and the heading says which."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import log

from portal.admin.export_times import as_cell, as_text, write_times_in_zone, zoned_heading
from portal.enums import Role
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
    content = b"".join(response.streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_site_history_as_workbook_is_in_the_zone_and_says_so(client_of, administrator, entry):
    address = reverse("wagtailadmin_reports:site_history")
    heading, *rows = workbook_of(client_of(administrator).get(address, {"export": "xlsx"}))
    assert heading[-1].endswith("（Asia/Shanghai）")
    assert [row[-1] for row in rows] == [dt.datetime(2026, 3, 18, 23, 30, 5)]


def test_site_history_as_csv_says_the_same_moment(client_of, administrator, entry):
    address = reverse("wagtailadmin_reports:site_history")
    response = client_of(administrator).get(address, {"export": "csv"})
    heading, *rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert "（Asia/Shanghai）" in heading
    assert [row.rsplit(",", 1)[-1] for row in rows] == ["2026-03-18 23:30:05"]


def test_audit_log_names_the_zone_of_its_moments(client_of, administrator):
    AuditEvent.objects.create(action="test.done", subject="test:1", detail={})
    response = client_of(administrator).get(reverse("audit_report"), {"export": "csv"})
    heading, *rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert heading.startswith("时间（Asia/Shanghai）")
    assert any("2026-03-18 23:30:05" in row for row in rows)


def test_headings_of_other_columns_stay(client_of, administrator):
    response = client_of(administrator).get(reverse("audit_report"), {"export": "csv"})
    heading = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()[0]
    assert heading.count("Asia/Shanghai") == 1


@pytest.mark.parametrize(
    ("moment", "cell"),
    [
        (MOMENT, dt.datetime(2026, 3, 18, 23, 30, 5)),
        (MOMENT + dt.timedelta(hours=1), dt.datetime(2026, 3, 19, 0, 30, 5)),
        (dt.datetime(2026, 3, 18, 8, 0), dt.datetime(2026, 3, 18, 8, 0)),
    ],
)
def test_moment_in_a_cell_is_the_organisations(moment, cell):
    assert as_cell(moment) == cell
    assert as_text(moment) == cell.strftime("%Y-%m-%d %H:%M:%S")


def test_another_organisation_has_another_zone(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    assert zoned_heading("时间") == "时间（Europe/Berlin）"
    assert as_text(MOMENT) == "2026-03-18 16:30:05"


def test_written_once_however_often_it_is_registered():
    before = SpreadsheetExportMixin.get_heading
    write_times_in_zone()
    assert SpreadsheetExportMixin.get_heading is before
