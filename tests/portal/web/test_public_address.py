"""Links lead where people open the portal: the address set, else the one served, else a warning."""

import os

import pytest

from portal.config.addresses import served_url
from portal.operations.serving import supervisor
from portal.web.checks import public_address_is_set


@pytest.mark.parametrize(
    ("address", "port", "url"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("127.0.0.1", 9123, "http://127.0.0.1:9123"),
        ("0.0.0.0", 8001, "http://127.0.0.1:8001"),
        ("::", 8001, "http://[::1]:8001"),
        ("::1", 80, "http://[::1]:80"),
        ("portal.example.com", 8080, "http://portal.example.com:8080"),
        ("", 8000, "http://127.0.0.1:8000"),
    ],
)
def test_address_under_which_a_server_is_reached(address, port, url):
    assert served_url(address, port) == url


@pytest.fixture
def serve(monkeypatch):
    """Return a function running the command up to its first child; it gives the address as the children get it."""
    monkeypatch.setattr(supervisor.Supervisor, "run", lambda self: 0)
    monkeypatch.setattr(supervisor, "port_problem", lambda address, port: "")
    monkeypatch.setattr(supervisor, "set_process_name", lambda name: None)
    # Restored when the test ends, whatever the command sets.
    monkeypatch.setenv("PUBLIC_URL", "")

    def run(*given):
        assert supervisor.main(given) == 0
        return os.environ["PUBLIC_URL"]

    return run


def test_serve_lets_links_follow_its_port(serve):
    assert serve("--port", "9321") == "http://127.0.0.1:9321"


def test_serve_leaves_the_address_that_is_set(serve, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://portal.example.com")
    assert serve("--port", "9321") == "https://portal.example.com"


def test_other_servers_are_warned(settings):
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_SET = "http://127.0.0.1:8000", False
    (problem,) = public_address_is_set(None)
    assert problem.id == "portal.W003"
    assert "http://127.0.0.1:8000" in problem.msg
    assert "PUBLIC_URL" in problem.hint
