"""Health endpoints and the checks that speak before the night does."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from portal.models import JobState
from portal.web import health
from portal.web.checks import public_address_is_https

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _no_look_before():
    health._look.cache_clear()
    health._writes.cache_clear()


def test_alive_asks_nothing(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_names_the_part_that_is_missing(client, monkeypatch):
    JobState.objects.all().delete()
    monkeypatch.setattr(health, "_search", lambda: "portal.W101: 2")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "parts": {"database": "ok", "disk": "ok", "tasks": "ok", "search": "portal.W101: 2"},
        "warnings": [],
    }
    monkeypatch.setattr(health, "_search", lambda: "ok")
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_ready_warns_of_jobs_nobody_runs(client, monkeypatch):
    monkeypatch.setattr(health, "_search", lambda: "ok")
    long_ago = timezone.now() - dt.timedelta(days=3)
    JobState.objects.exclude(name="expire_qualifications").update(succeeded_at=timezone.now())
    JobState.objects.filter(name="expire_qualifications").update(succeeded_at=long_ago)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"]) == (
        200,
        ["late_jobs: 1"],
    )


@pytest.mark.django_db
def test_ready_says_when_the_database_is_gone(client, monkeypatch):
    def gone(*args):
        raise OperationalError

    monkeypatch.setattr(health, "_search", lambda: "ok")
    monkeypatch.setattr(connection, "cursor", gone)
    parts = health.readiness(connection)
    assert parts["database"] == "unreachable"
    assert health.warnings() == []


def test_plain_http_for_the_world_is_told(settings):
    settings.HTTPS, settings.PUBLIC_URL = False, "http://portal.example.com"
    assert [problem.id for problem in public_address_is_https(None)] == ["portal.W001"]
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert public_address_is_https(None) == []


def run(*arguments, **environment):
    """Run manage.py with the portal's own settings in a fresh process."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "ERROR"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def deployed(tmp_path):
    """Environment of a deployment behind TLS."""
    return {
        "VAR_DIR": str(tmp_path),
        "PUBLIC_URL": "https://portal.example.com",
        "ALLOWED_HOSTS": "portal.example.com",
        "SECRET_KEY": "",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "CACHE_URL": "",
        "TASKS_BACKEND": "database",
    }


def test_deploy_check_has_nothing_to_say(deployed):
    done = run("check", "--deploy", "--tag", "security", "--tag", "caches", "--fail-level", "WARNING", **deployed)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_cookies_and_transport_are_strict_behind_tls(deployed):
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    )
    code = f"from django.conf import settings; print(settings.DEBUG, *(getattr(settings, n) for n in {names!r}))"
    done = run("shell", "-v0", "-c", code, **deployed)
    assert done.stdout.split() == ["False", *["True"] * len(names)], done.stderr


def test_made_signing_key_is_readable_by_its_owner_only(deployed, tmp_path):
    run("check", **deployed)
    key = tmp_path / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) > 60
