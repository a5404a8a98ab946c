"""Without a network: the server is stopped, and what was pinned opens, what was written waits, sign-out forgets."""

import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.devices import PHONE, sign_in, until
from tests.servers import portal_process

pytestmark = pytest.mark.e2e
GUIDE = "/kb/diagnosis/DG-DISHWASHER/"
ARTICLE = "/kb/faults/RF-FROST/"


@contextmanager
def phone(browser: Browser, site: str):
    """A phone whose console may say that the network is gone."""
    context = browser.new_context(base_url=site, viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def begin(page: Page, staff_number: str) -> None:
    """Sign in and wait for the service worker, which then holds every page."""
    sign_in(page, staff_number)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()


def pin(page: Page, address: str) -> None:
    """Open a page and keep it."""
    page.goto(address)
    page.locator("[data-pin]").click()
    expect(page.locator("[data-pin]")).to_contain_text("已离线保存")


def rows(page: Page, store: str) -> list:
    """What the device holds."""
    return page.evaluate(f"Device.db.all('{store}')")


def kept_files(page: Page) -> int:
    """How many pages and pictures lie in the browser's cache."""
    return page.evaluate("caches.open(Device.CACHE).then((cache) => cache.keys()).then((keys) => keys.length)")


def test_a_pinned_guide_opens_and_what_was_written_arrives_once(browser: Browser, state: Path):
    with portal_process(state) as (site, stop, start), phone(browser, site) as page:
        begin(page, "T002")
        pin(page, GUIDE)
        pin(page, ARTICLE)
        until(page, "Device.db.get('kept', '/kb/cases/new/')")
        stop()
        started = time.monotonic()
        page.goto(GUIDE)
        expect(page.locator("main")).to_contain_text("洗碗机不排水")
        print(f"a pinned guide opens in {time.monotonic() - started:.2f} s with the server stopped")
        expect(page.locator("[data-offline-kept]")).to_be_visible()
        guide_is_followed(page)
        pictures_are_there(page)
        case_is_written(page)
        page.goto("/certification/duty/")
        expect(page.locator("main")).to_contain_text("没有网络，本机也没有保存这一页")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        start()
        page.goto("/offline/")
        second = page.context.new_page()
        second.goto("/offline/")
        expect(page.locator("[data-list=waiting]")).to_contain_text("已提交，编号", timeout=60_000)
        cases_are(page, 1)
        second.close()
        sign_out_forgets(page)


def guide_is_followed(page: Page) -> None:
    """Every step is there; the run waits."""
    for _step in range(12):
        answer = page.locator("[data-answer=n]:visible")
        if not answer.count():
            break
        answer.first.click()
        page.wait_for_timeout(150)
    page.locator("[data-result]:visible").first.click()
    expect(page.locator("[data-recorded]")).to_be_visible()
    page.go_back()
    assert [row["state"] for row in rows(page, "outbox")] == ["waiting"]


def pictures_are_there(page: Page) -> None:
    """The pictures of an article are read from the device."""
    page.goto(ARTICLE)
    picture = page.locator("main img.picture__image").first
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('main img.picture__image').naturalWidth > 0")


def case_is_written(page: Page) -> None:
    """The form stands, and what is sent waits."""
    page.goto("/kb/cases/new/?title=离线上报的冷库")
    page.wait_for_timeout(500)
    page.get_by_label("一句话说明").fill("离线上报的冷库")
    page.get_by_label("现象").fill("库温升高")
    page.locator("main select[name=severity]").select_option("stop")
    page.get_by_role("button", name="提交").last.click()
    page.wait_for_url("**/offline/*")
    expect(page.locator("[data-list=waiting]")).to_contain_text("离线上报的冷库")


def cases_are(page: Page, count: int) -> None:
    """So many cases of that name stand in the list of the reporter."""
    page.goto("/kb/cases/?view=mine")
    expect(page.locator("main a", has_text="离线上报的冷库")).to_have_count(count)


def sign_out_forgets(page: Page) -> None:
    """Nothing of it is left for whoever takes the phone next."""
    page.goto("/")
    assert kept_files(page) > 0
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: "logout" not in url)
    until(page, "Device.fact('owner').then((owner) => owner === '-')")
    assert rows(page, "kept") == []
    assert rows(page, "outbox") == []
    assert kept_files(page) == 0


def test_the_next_person_finds_nothing_of_the_one_before(browser: Browser, site: str):
    with phone(browser, site) as page:
        begin(page, "T002")
        pin(page, ARTICLE)
        page.evaluate(
            "Outbox.add({ key: 'k', kind: 'case', title: 'x', url: '/kb/cases/new/', fields: [] , state: 'writing'})"
        )
        page.evaluate("localStorage.setItem('draft:1:/x/', '{}')")
        page.context.clear_cookies()
        page.goto("/")
        until(page, "Device.fact('owner').then((owner) => owner === '-')")
        assert rows(page, "kept") == []
        assert len(rows(page, "outbox")) == 1, "a session that ran out loses nothing: it waits, unseen, for its writer"
        sign_in(page, "T001")
        until(page, "Device.fact('owner').then((owner) => (owner || '').length > 5)")
        assert rows(page, "outbox") == []
        assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
