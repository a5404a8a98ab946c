"""Error pages: they show the hotline, whether or not the database answers."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views.defaults import server_error

from portal.models import PortalSettings
from portal.web import contact

PAGES = ["400", "403", "403_csrf", "404", "429", "500", "503"]


@pytest.fixture
def state(settings, tmp_path):
    """A folder of its own for the state."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_saved_settings_are_kept_beside_the_database(state):
    settings = PortalSettings.load()
    settings.hotline, settings.hours_note, settings.site_name = "400-800-1234", "24 小时", "某某通"
    settings.save()

    assert contact.last_known() == contact.Contact("某某通", "400-800-1234", "24 小时")
    assert [each.name for each in state.iterdir()] == ["contact.json"]


@pytest.mark.parametrize("page", PAGES)
def test_every_error_page_shows_the_hotline_without_the_database(state, page):
    contact.keep(PortalSettings(hotline="400-800-1234", hours_note="24 小时"))

    # No access to the database is granted to this test: any query fails it.
    html = render_to_string(f"{page}.html")

    assert 'href="tel:4008001234"' in html
    assert html.count("400-800-1234") == 2
    assert "24 小时" in html


@pytest.mark.parametrize("page", PAGES)
def test_without_a_hotline_none_is_promised(state, page):
    html = render_to_string(f"{page}.html")

    assert "服务热线" not in html
    assert "tel:" not in html


@pytest.mark.parametrize("content", ["", "[]", "nonsense", '{"hotline": 7}', "\x00"])
def test_a_damaged_file_breaks_no_page(state, content):
    contact.path().write_text(content)

    assert contact.last_known().hotline in ("", "7")


def test_a_full_disk_keeps_the_old_file(state, monkeypatch):
    def full(*args):
        raise OSError(28, "full")

    contact.keep(PortalSettings(hotline="1"))
    monkeypatch.setattr(contact.Path, "replace", full)

    contact.keep(PortalSettings(hotline="2"))

    assert contact.last_known().hotline == "1"
    assert len(list(state.iterdir())) == 1


def test_the_server_error_page_is_made_with_the_database_down(state, monkeypatch):
    contact.keep(PortalSettings(hotline="400-800-1234"))
    monkeypatch.setattr(connection, "ensure_connection", lambda: pytest.fail("asked the database"))

    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "400-800-1234" in response.content.decode()
