"""A real browser (Debian's Chromium) against the portal served as ``make demo`` serves it."""

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import demo_state, portal

PASSWORD = "shanggang-demo"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Chromium as the distribution ships it; playwright's own download is never used."""
    return browser_type_launch_args | {
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    }


@pytest.fixture(scope="session")
def site() -> str:
    """Address of a running portal with fresh demo data."""
    with portal(demo_state()) as address:
        yield address


@pytest.fixture
def phone(browser: Browser, site: str):
    """Return a function opening a 360 px phone signed in as a staff number (or nobody)."""
    yield from _device(browser, site, {"width": 360, "height": 780})


@pytest.fixture
def desktop(browser: Browser, site: str):
    """Return a function opening a desktop signed in as a staff number (or nobody)."""
    yield from _device(browser, site, {"width": 1280, "height": 900})


def _device(browser: Browser, site: str, viewport: dict):
    contexts, complaints = [], []

    def open_as(staff_number: str | None = None) -> Page:
        context = browser.new_context(
            base_url=site, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if staff_number:
            sign_in(page, staff_number)
        return page

    yield open_as
    for context in contexts:
        context.close()
    unexpected = [text for text in complaints if "status of 40" not in text and "status of 42" not in text]
    assert unexpected == [], "the browser's console must stay empty"


def sign_in(page: Page, staff_number: str) -> None:
    """Sign in through the form."""
    page.goto("/accounts/login/")
    page.get_by_label("工号").fill(staff_number)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/")


def assert_fits(page: Page) -> None:
    """The page must not scroll sideways."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than the screen"
