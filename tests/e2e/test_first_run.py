"""A portal that was only set up: it answers, its first administrator comes in and enters the organisation."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.devices import DESKTOP, PASSWORD, PHONE, device
from tests.servers import ROOT, empty_state, portal, server_environment

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def state():
    """What `make setup` leaves."""
    with empty_state() as directory:
        yield directory


def first_administrator(state: Path) -> None:
    """Make the first administrator as the README says."""
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput", "--staff_number", "A1", "--name", "钱一"]
    environment = server_environment(state) | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def test_an_empty_portal_is_usable(browser: Browser, state: Path):
    with portal(state) as site:
        with device(browser, site, PHONE) as page:
            page.goto("/")
            expect(page.get_by_role("combobox", name="搜索").first).to_be_visible()
            page.goto("/search/?q=冰柜结霜")
            expect(page.get_by_text("没有找到")).to_be_visible()
        first_administrator(state)
        with device(browser, site, DESKTOP, "A1") as page:
            page.goto("/")
            expect(page.locator("main")).to_contain_text("钱一")
            page.goto("/cms/organisation/new/")
            page.locator("input[name=name]").fill("甲公司")
            page.locator("input[name=code]").fill("JIA")
            page.locator("select[name=tier]").select_option(label="总部")
            page.locator("button[type=submit]").last.click()
            expect(page.locator(".messages .success")).to_contain_text("甲公司")
            page.goto("/cms/synonyms/")
            expect(page.locator("main")).to_contain_text("1102")
    welcome = (state / "server.log").read_text(encoding="utf-8")
    assert "createsuperuser" in welcome
