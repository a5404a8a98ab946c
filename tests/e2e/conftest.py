"""A real browser (Debian's Chromium) against the portal served as ``make demo`` serves it."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.e2e.devices import DESKTOP, PHONE, device
from tests.servers import demo_state, portal


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Chromium as the distribution ships it; playwright's own download is never used."""
    return browser_type_launch_args | {
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    }


@pytest.fixture(scope="module")
def state():
    """Fresh demo data of a module's own."""
    with demo_state() as directory:
        yield directory


@pytest.fixture(scope="module")
def site(state):
    """Address of a running portal."""
    with portal(state) as address:
        yield address


@pytest.fixture
def phone(browser: Browser, site: str):
    """Return a function opening a 360 px phone signed in as a staff number (or nobody)."""
    with ExitStack() as devices:
        yield lambda person=None: devices.enter_context(device(browser, site, PHONE, person))


@pytest.fixture
def desktop(browser: Browser, site: str):
    """Return a function opening a desktop signed in as a staff number (or nobody)."""
    with ExitStack() as devices:
        yield lambda person=None: devices.enter_context(device(browser, site, DESKTOP, person))
