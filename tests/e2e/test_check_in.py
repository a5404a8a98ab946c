"""Check-in in a browser: the code on the screen, and a trainer's telephone whose network is cut."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def open_attendance(page):
    """Open the attendance of the session whose check-in is open today."""
    page.goto("/courses/sessions/")
    page.goto("/courses/calendar/")
    page.goto("/")
    link = page.get_by_role("link", name=re.compile("签到|考勤")).first
    link.click()
    page.wait_for_url(re.compile("/attendance/"))


def test_presses_made_without_a_network_are_sent_later_once(phone):
    page = phone("T001")
    open_attendance(page)
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
    assert [tap["refusal"] for tap in answer.value.json()["taps"]] == ["", ""]
    expect(page.locator("[data-taps]")).to_be_hidden()
    expect(page.locator(f"#row-{row}")).to_have_class(re.compile("roster__row--left"))
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('taps:')).length") == 0


def test_page_is_there_again_when_it_is_opened_without_a_network(phone):
    page = phone("T001")
    open_attendance(page)
    page.wait_for_function("caches.open('attendance').then((kept) => kept.keys()).then((keys) => keys.length > 2)")
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
