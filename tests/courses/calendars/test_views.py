"""The calendar page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.courses import (
    SessionFactory,
    TrainerFactory,
)


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


@pytest.mark.parametrize("date", ["2026-02-30", "0001-01-01", "9999-12-31", "昨天"])
def test_calendar_of_an_impossible_date_is_explained(client_of, world, date):
    response = client_of(world.technician).get(url("calendar"), {"date": date})
    assert response.status_code == 422
    assert "年-月-日" in response.text


def test_calendar_narrowed_to_what_one_teaches(client_of, world, make_session):
    mine = make_session(title="我的班")
    SessionFactory(trainer=TrainerFactory(organisation=world.outlet), title="同事的班", starts_at=mine.starts_at)
    query = {"show": "teaching", "date": timezone.localdate(mine.starts_at).isoformat(), "view": "week"}
    page = client_of(world.trainer).get(url("calendar"), query).text
    assert "我的班" in page
    assert "同事的班" not in page
