"""Search in a browser: typing, choosing, filtering, nothing found; on a phone and on a desktop, and without scripts."""

import pytest
from playwright.sync_api import Browser, expect

from tests.servers import demo_state

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def state():
    """Articles of all trades: there a code means different things on different machines."""
    with demo_state(all_articles=True) as directory:
        yield directory


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_typing_completes_and_the_keyboard_chooses(phone):
    page = phone("T002")
    page.goto("/search/")
    box = page.get_by_role("combobox", name="搜索").first
    box.press_sequentially("结霜")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.get_by_role("option").count() <= 10
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", page.get_by_role("option").first.get_attribute("id"))
    box.press("Enter")
    expect(page.locator("[data-ref='RF-FROST']")).to_be_visible()
    assert fits(page)


def test_an_input_method_asks_only_for_what_was_chosen(phone):
    page = phone("T002")
    page.clock.install()
    page.goto("/search/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    page.locator("#page-search").focus()
    keys = page.context.new_cdp_session(page)
    for letters in ("b", "bi", "bin", "bing"):
        keys.send(
            "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
        )
        page.clock.run_for(1000)
    assert asked == []
    keys.send("Input.insertText", {"text": "冰柜"})
    with page.expect_request("**/suggest?q=*"):
        page.clock.run_for(1000)
    assert [address.rsplit("=")[-1] for address in asked] == ["%E5%86%B0%E6%9F%9C"]
    page.clock.resume()


def test_a_bare_code_offers_its_machines(phone):
    page = phone("T002")
    page.goto("/search/?q=E1")
    chips = page.locator(".results__machines a")
    assert chips.count() >= 2
    chips.nth(1).click()
    expect(page.locator(".results__machine").nth(1)).to_be_in_viewport()
    assert fits(page)


def test_filters_narrow_the_list_without_a_new_page(desktop):
    page = desktop("T002")
    page.goto("/search/?q=不制冷")
    page.evaluate("window.stayed = true")
    page.locator("[data-filters] .chip", has_text="手册").first.click()
    expect(page.locator("[data-filters] .chip[aria-current=true]")).to_contain_text("手册")
    assert "kind=manual" in page.url
    assert page.evaluate("window.stayed") is True
    page.locator("[data-filters] .chip[aria-current=true]").click()
    expect(page.locator("[data-ref='RF-NOCOOL']")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-filters] .chip[aria-current=true]")).to_contain_text("手册")


def test_nothing_found_says_so_and_calls_the_hotline(phone):
    page = phone("T002")
    page.goto("/search/?q=咖啡机磨豆声音大")
    expect(page.get_by_text("没有找到")).to_be_visible()
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    assert page.locator("[data-ref]").count() == 0
    assert fits(page)


def test_a_wrong_character_is_put_right_by_a_link(phone):
    page = phone("T002")
    page.goto("/search/?q=冰箱结双")
    page.get_by_role("link", name="冰箱结霜").click()
    expect(page.locator("[data-ref]").first).to_have_attribute("data-ref", "RF-FROST")


def test_recent_searches_stay_on_the_device_and_can_be_cleared(phone):
    page = phone("T002")
    page.goto("/search/?q=E6")
    page.goto("/search/")
    box = page.locator("#page-search")
    box.click()
    expect(page.get_by_role("option", name="E6")).to_be_visible()
    page.get_by_role("button", name="清除").click()
    box.blur()
    box.click()
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_search_and_what_helped_are_noted(desktop):
    page = desktop("T002")
    with page.expect_request("**/search/use/") as seen:
        page.goto("/search/?q=冰柜结霜")
    assert seen.value.method == "POST"
    with page.expect_request("**/search/use/"):
        page.get_by_role("button", name="没解决").click()
    expect(page.locator("[data-solved-more]")).to_be_visible()


def test_going_back_to_a_search_is_no_new_search(desktop):
    page = desktop("T002")
    noted = []
    page.on("request", lambda request: noted.append(request.post_data) if "/search/use/" in request.url else None)
    with page.expect_request("**/search/use/"):
        page.goto("/search/?q=冰柜结霜")
    page.goto("/search/")
    page.go_back()
    expect(page.locator("[data-search-results]")).to_have_attribute("data-noted", "")
    page.reload()
    expect(page.locator("[data-search-results]")).to_have_attribute("data-noted", "")
    assert len(noted) == 1
    with page.expect_request("**/search/use/"):
        page.locator("[data-filters] .chip", has_text="手册").first.click()


def test_search_works_without_scripts(browser: Browser, site: str):
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/search/")
    page.fill("#page-search", "烤箱")
    with page.expect_response("**/search/use/?note=*") as noted:
        page.click("main .search-box__submit")
    assert noted.value.status == 204
    assert "q=" in page.url
    expect(page.locator("#page-search")).to_have_value("烤箱")
    context.close()
