"""Check-in in a browser: the code on the screen, and a trainer's telephone whose network is cut."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.devices import PHONE, sign_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def trainer(browser, site):
    """The telephone of the trainer, on the attendance page; a cut network is an error in its console."""
    context = browser.new_context(base_url=site, viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    sign_in(page, "R001")
    page.goto("/courses/sessions/")
    page.get_by_role("link", name="洗碗机实操辅导").first.click()
    page.get_by_role("link", name="签到", exact=True).click()
    page.wait_for_url(re.compile("/attendance/"))
    yield page
    context.close()


def test_presses_made_without_a_network_are_sent_later_once(trainer):
    page = trainer
    form = page.locator("form[data-tap='check-in']").first
    row = form.get_attribute("data-enrolment")
    page.context.set_offline(True)
    page.locator(f"form[data-enrolment='{row}'] button").click()
    expect(page.locator("[data-taps-count]")).to_have_text("还有 1 条未发送")
    expect(page.locator(f"form[data-enrolment='{row}']")).to_contain_text("尚未发送")
    page.locator(f"form[data-enrolment='{row}'] button").click()
    expect(page.locator("[data-taps-count]")).to_have_text("还有 2 条未发送")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with page.expect_response("**/check-in/taps/") as answer:
        page.context.set_offline(False)
    # The page is read anew at once, and the body of the answer with it.
    assert answer.value.status == 200
    expect(page.locator("[data-taps]")).to_be_hidden()
    expect(page.locator(f"#row-{row}")).to_have_class(re.compile("roster__row--left"))
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('taps:')).length") == 0


def test_page_is_there_again_when_it_is_opened_without_a_network(trainer):
    page = trainer
    # A promise is awaited by evaluate, not by wait_for_function.
    page.evaluate(
        """async () => {
            const isKept = async () => Boolean(await (await caches.open("attendance")).match(location.href))
                && navigator.serviceWorker.controller?.scriptURL.endsWith("keeper.js");
            while (!await isKept()) await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )
    page.context.set_offline(True)
    page.reload()
    form = page.locator("form[data-tap='check-in']").first
    form.locator("button").click()
    expect(page.locator("[data-taps-count]")).to_have_text("还有 1 条未发送")
    page.reload()
    expect(page.locator("[data-taps-count]")).to_have_text("还有 1 条未发送")
    with page.expect_response("**/check-in/taps/"):
        page.context.set_offline(False)
    expect(page.locator("[data-taps]")).to_be_hidden()
