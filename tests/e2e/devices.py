"""Browsers as people hold them: a phone of 360 px, a desktop; both must stay quiet and fit."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

# A busy machine of two cores answers late; a walk is about what happens, not how fast.
expect.set_options(timeout=20_000)

PASSWORD = "shanggang-demo"
# Every page of ours tells the console when it would scroll sideways; the console must stay empty.
MUST_FIT = """addEventListener("load", () => {
  const page = document.documentElement;
  if (!location.pathname.startsWith("/cms/") && page.scrollWidth > page.clientWidth)
    console.error(`${location.pathname} is ${page.scrollWidth - page.clientWidth} px wider than the screen`);
});"""
PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}


def until(page: Page, expression: str, seconds: float = 20) -> None:
    """Wait until an expression holds in the page; Playwright's own waiting asks for eval, which the policy forbids."""
    for _attempt in range(int(seconds * 10)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def sign_in(page: Page, staff_number: str) -> None:
    """Sign in through the form."""
    page.goto("/accounts/login/")
    page.get_by_label("工号").fill(staff_number)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


@contextmanager
def device(browser: Browser, site: str, viewport: dict, staff_number: str | None = None) -> Iterator[Page]:
    """Open a page, signed in as somebody or nobody. At the end nothing may stand in the browser's console."""
    context = browser.new_context(
        base_url=site, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
    )
    context.add_init_script(MUST_FIT)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if staff_number:
        sign_in(page, staff_number)
    yield page
    context.close()
    # A refusal (4xx) is an answer; the browser notes it all the same.
    assert [text for text in complaints if "status of 4" not in text] == []
