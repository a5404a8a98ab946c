"""Long forms survive leaving: on the server for checklists, on the device for the rest, until somebody signs out."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.devices import until

pytestmark = pytest.mark.e2e


def drafts_of(page: Page) -> list[str]:
    """The drafts that lie on the device."""
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))")


def test_ticks_of_a_checklist_survive_leaving(desktop):
    page = desktop("A001")
    page.goto("/certification/practicals/")
    page.locator("main a[href*='/certification/practicals/PR-']").first.click()
    ticks = page.locator("form[data-draft-url] input[type=radio]")
    chosen = 1 if ticks.first.is_checked() else 0
    ticks.nth(chosen).check(force=True)
    expect(page.locator("[data-draft-state]")).to_have_text("已保存")
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(ticks.nth(chosen)).to_be_checked()


def test_ticks_the_server_did_not_take_wait_on_the_device(desktop):
    page = desktop("A001")
    page.goto("/certification/practicals/")
    page.locator("main a[href*='/certification/practicals/PR-']").first.click()
    broken = lambda route: route.fulfill(status=429) if route.request.method == "POST" else route.continue_()  # noqa: E731
    page.route("**/certification/practicals/**", broken)
    ticks = page.locator("form[data-draft-url] input[type=radio]")
    chosen = 1 if ticks.first.is_checked() else 0
    ticks.nth(chosen).check(force=True)
    expect(page.locator("[data-draft-state]")).to_have_text("没有网络：已存在本机，有网络后自动发送。")
    assert page.evaluate("Outbox.all().then((rows) => rows.filter((row) => row.kind === 'draft').length)") == 1
    page.unroute("**/certification/practicals/**")
    # The form waits five seconds before it tries again.
    expect(page.locator("[data-draft-state]")).to_have_text("已保存", timeout=30_000)
    assert page.evaluate("Outbox.all().then((rows) => rows.filter((row) => row.kind === 'draft').length)") == 0


def test_what_was_typed_is_offered_again_and_gone_after_sign_out(phone):
    page = phone("T002")
    page.goto("/kb/cases/new/")
    page.locator("main [name=title]").fill("写到一半的疑难问题")
    until(page, "Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
    page.goto("/")
    page.goto("/kb/cases/new/")
    page.locator("[data-draft-restore]").click()
    expect(page.locator("main [name=title]")).to_have_value("写到一半的疑难问题")
    page.evaluate("localStorage.setItem('draft:99:/x/', '{}')")
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: "logout" not in url)
    assert drafts_of(page) == []
