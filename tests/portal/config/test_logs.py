"""Log lines carry no secrets."""

import json
import logging
import logging.config

import pytest
import structlog

from portal.config.builders import log_settings
from portal.config.logs import hide_secrets


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("GET /e/0123456789abcdef/", "GET /e/…/"),
        ("Not Found: /calendar/abcdef.ics", "Not Found: /calendar/…"),
        ("/accounts/password/reset/key/1-xyz-secret/", "/accounts/password/reset/key/…/"),
        ("GET /kb/faults/RF-FROST/", "GET /kb/faults/RF-FROST/"),
        ("GET /courses/calendar/", "GET /courses/calendar/"),
    ],
)
def test_secret_addresses_are_cut(written, kept):
    assert hide_secrets(None, "info", {"event": written})["event"] == kept


def test_values_named_like_secrets_are_cut():
    line = hide_secrets(None, "info", {"event": "x", "Password": "hunter2", "token": "t", "staff": "T001"})
    assert line == {"event": "x", "Password": "…", "token": "…", "staff": "T001"}


def test_a_line_written_through_the_settings_is_cut():
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(
        log_settings("INFO", json=True)["formatters"]["line"]
    )
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", ("/e/abc123/",), None)
    line = json.loads(formatter.format(record))
    assert (line["event"], line["level"]) == ("Not Found: /e/…/", "warning")
    structlog.reset_defaults()
