"""The main job, end to end: a new technician goes from "I know nothing" to "allowed to work on cold rooms".

The walk lasts three days, as in life: the portal is started again with its clock on each. Technicians hold a phone,
trainer, assessor and dispatcher sit at a desktop.
"""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from portal.registry.demo import data
from tests.e2e.devices import DESKTOP, PHONE, device
from tests.servers import portal

pytestmark = pytest.mark.e2e

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUESTIONS = data("questions")["questions"]


def test_from_knowing_nothing_to_allowed_on_cold_rooms(browser: Browser, state: Path, tmp_path: Path):
    with portal(state) as site:
        with device(browser, site, PHONE, "T001") as page:
            home_says_not_yet(page)
            guides_are_found(page)
            starts_at, session_url = seat_is_booked(page, tmp_path)
        with device(browser, site, DESKTOP, "D001") as page:
            duty_is_refused(page, "冷库", "学时不足", "理论考试", "实操考核")
            assert ask_api(page, "冷库")["allowed"] is False
    morning = portal(state, starts_at - dt.timedelta(minutes=10))
    with morning as site, device(browser, site, DESKTOP, "R001") as page:
        sign_in_sheet_is_printed(page, session_url)
        technician_is_checked_in(page, session_url)
    with portal(state, starts_at + dt.timedelta(hours=9)) as site:
        with device(browser, site, DESKTOP, "R001") as page:
            technician_is_checked_out(page, session_url)
        with device(browser, site, PHONE, "T001") as page:
            quiz_is_failed(page)
    with portal(state, starts_at + dt.timedelta(days=1, hours=10)) as site:
        with device(browser, site, PHONE, "T001") as page:
            quiz_is_passed(page)
        with device(browser, site, DESKTOP, "A001") as page:
            practical_is_signed(page)
        with device(browser, site, PHONE, "T001") as page:
            number = certificate_exists(page)
        with device(browser, site, PHONE) as page:
            anybody_may_verify(page, number)
        day = starts_at.astimezone(SHANGHAI).date() + dt.timedelta(days=1)
        with device(browser, site, PHONE, "M001") as page:
            statutory_card_is_recorded(page, day)
        with device(browser, site, DESKTOP, "D001") as page:
            duty_is_allowed(page, day)


def home_says_not_yet(page: Page) -> None:
    """1. The home page says what is missing and which session has a seat."""
    page.goto("/")
    main = page.locator("main")
    expect(main).to_contain_text("尚不能上岗")
    for reason in ("冷冻设备", "学时不足", "理论考试", "实操考核", "最近有空位的场次"):
        expect(main).to_contain_text(reason)


def guides_are_found(page: Page) -> None:
    """2. Symptoms and codes lead to the guide."""
    search(page, "不制冷")
    expect(page.locator("[data-ref='RF-NOCOOL']")).to_be_visible()
    search(page, "E1")
    expect(page.locator("[data-ref='OV-E1']")).to_be_visible()
    search(page, "洗碗机f4")
    expect(page.locator("[data-ref='DW-GREE-F4']")).to_be_visible()
    search(page, "冰柜结霜")
    page.locator("[data-ref='RF-FROST'] a").first.click()
    text = page.locator("main").inner_text()
    order = ["注意", "现象", "处理", "工具"]
    places = [text.index(word) for word in order]
    assert places == sorted(places), "safety stands before symptoms, these before remedies and tools"
    expect(page.locator("main")).to_contain_text("冷冻设备维修手册")


def search(page: Page, query: str) -> None:
    """Type into the search box of whatever page is open."""
    page.goto("/")
    page.get_by_role("combobox", name="搜索").first.fill(query)
    page.get_by_role("button", name="搜索").first.click()
    page.wait_for_url("**/search/**")


def seat_is_booked(page: Page, folder: Path) -> tuple[dt.datetime, str]:
    """3. The module says what it covers; a seat is booked; the calendar file opens in a calendar program."""
    page.goto("/courses/modules/TM-01/")
    for fact in ("冷冻设备", "8 小时", "陈建国", "常见故障的分析及处理方法"):
        expect(page.locator("main")).to_contain_text(fact)
    page.get_by_role("button", name="报名", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("您已报名")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载日历文件").click()
    file = folder / "session.ics"
    download.value.save_as(file)
    event = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")[0]
    assert "冷冻设备" in event["SUMMARY"]
    session_url = re.sub(r"https?://[^/]+", "", page.url)
    page.get_by_role("link", name="订阅日历").click()
    page.get_by_role("button", name="生成").first.click()
    feed = page.locator(".feed__link code").first.inner_text()
    answer = page.request.get(feed)
    assert answer.ok
    assert "冷冻设备" in answer.text()
    return event["DTSTART"].dt.astimezone(dt.UTC), session_url


def sign_in_sheet_is_printed(page: Page, session_url: str) -> None:
    """4a. The sign-in sheet is a PDF."""
    page.goto(session_url)
    sheet = page.request.get(f"{session_url}sign-in-sheet.pdf")
    assert sheet.ok
    assert sheet.body().startswith(b"%PDF")


def technician_is_checked_in(page: Page, session_url: str) -> None:
    """4b. The trainer opens check-in and takes the technician in."""
    page.goto(f"{session_url}attendance/")
    page.get_by_role("button", name="开放签到").click()
    row = page.locator(".roster__row", has_text="T001")
    row.get_by_role("button", name="签到").click()
    expect(page.locator(".roster__row", has_text="T001").get_by_role("button", name="签退")).to_be_visible()


def technician_is_checked_out(page: Page, session_url: str) -> None:
    """4c. At the end the trainer checks out; the hours are credited."""
    page.goto(f"{session_url}attendance/")
    page.locator(".roster__row", has_text="T001").get_by_role("button", name="签退").click()
    expect(page.locator(".roster__row", has_text="T001")).to_contain_text("8 小时")


def take_quiz(page: Page, *, right: bool) -> None:
    """5. Draw a paper, answer each question, close the browser page half-way, hand in."""
    page.goto("/certification/")
    page.get_by_role("link", name="去考试").first.click()
    page.get_by_role("button", name="开始考试").click()
    paper = page.url
    questions = page.locator("[data-question]")
    for index in range(questions.count()):
        answer(questions.nth(index), right=right)
        if index == questions.count() // 2:
            everything_is_saved(page)
            answered = page.locator("[data-answered]").inner_text()
            page.goto("about:blank")
            page.goto(paper)
            expect(page.locator("[data-answered]")).to_have_text(answered)
    everything_is_saved(page)
    page.get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="交卷").click()


def everything_is_saved(page: Page) -> None:
    """Wait until the server has confirmed each answer: until then the page keeps it on the device."""
    page.wait_for_function("() => Object.keys(localStorage).every((key) => !key.startsWith('quiz-'))")


def answer(question, *, right: bool) -> None:
    """Choose the right answers of a question, or one that is wrong."""
    stem = question.locator("legend").inner_text()
    known = next(entry for entry in QUESTIONS if entry["stem"].strip() in stem)
    for option in known["options"]:
        wanted = option["correct"] if right else not option["correct"]
        if wanted:
            question.locator(".choice", has_text=option["text"]).filter(
                has=question.page.get_by_text(option["text"], exact=False)
            ).first.click()
            if known["kind"] != "multi":
                return


def quiz_is_failed(page: Page) -> None:
    """5a. A failed attempt shows what to read again, and no key."""
    take_quiz(page, right=False)
    main = page.locator("main")
    expect(main).to_contain_text("请重读以下内容")
    assert page.locator(".wrong-question a").count() > 0
    assert page.locator(".choice--right").count() == 0


def quiz_is_passed(page: Page) -> None:
    """5b. The re-sit is passed."""
    take_quiz(page, right=True)
    expect(page.locator("main")).to_contain_text("100 分")


def draw_signature(page: Page) -> None:
    """The candidate signs on the assessor's screen."""
    field = page.locator("[data-signing-field]")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + 20 + 10 * step, box["y"] + 30 + 8 * (step % 4))
    page.mouse.up()


def practical_is_signed(page: Page) -> None:
    """6. A qualified assessor signs the checklist."""
    page.goto("/certification/practicals/")
    page.get_by_role("link", name=re.compile("林小川")).first.click()
    for group in page.locator("fieldset.check").all():
        group.locator(".check__answer").first.click()
    page.get_by_role("button", name="核对并签字").click()
    expect(page.locator("h1")).to_contain_text("确认签字")
    draw_signature(page)
    page.get_by_role("button", name="签字").click()
    expect(page.locator("main")).to_contain_text("林小川")


def certificate_exists(page: Page) -> str:
    """7. Certificate and work card are PDFs; the number is on the public page; the home page asks for the card."""
    page.goto("/certification/")
    for label in ("证书（PDF）", "上岗证（PDF）"):
        document = page.request.get(page.get_by_role("link", name=label).first.get_attribute("href"))
        assert document.ok
        assert document.body().startswith(b"%PDF")
    page.get_by_role("link", name="公开查验页").first.click()
    page.goto("/")
    expect(page.locator("main")).to_contain_text("缺少法定证件")
    page.goto("/certification/")
    return page.get_by_role("link", name="公开查验页").first.get_attribute("href")


def anybody_may_verify(page: Page, path: str) -> None:
    """7b. Who scans the QR sees the status and no private name."""
    page.goto(path)
    expect(page.locator("main")).to_contain_text("有效")
    expect(page.locator("main")).to_contain_text("林**")
    expect(page.locator("body")).not_to_contain_text("林小川")


def statutory_card_is_recorded(page: Page, day: dt.date) -> None:
    """7c. The certificate alone does not open the cold room: the manager records the card the law asks for."""
    assert [reason["code"] for reason in ask_api(page, "冷库", day)["reasons"]] == ["statutory_missing"]
    page.goto("/certification/statutory/new/?person=T001")
    page.locator("select[name='kind']").select_option(label="制冷与空调设备安装修理作业")
    page.locator("input[name='number']").fill("E2E-T001-RFI")
    page.locator("input[name='valid_from']").fill((day - dt.timedelta(days=30)).isoformat())
    page.locator("input[name='valid_to']").fill((day + dt.timedelta(days=2000)).isoformat())
    page.get_by_role("button", name="登记").click()
    expect(page.locator("main")).to_contain_text("E2E-T001-RFI")


def ask_page(page: Page, equipment: str, day: dt.date | None = None) -> None:
    """Ask the duty page about T001."""
    page.goto("/certification/duty/")
    page.locator("#id_person").fill("T001")
    page.get_by_label("设备", exact=True).fill(equipment)
    if day:
        page.get_by_label("日期").fill(day.isoformat())
    page.get_by_role("button", name="查询").click()


def ask_api(page: Page, equipment: str, day: dt.date | None = None) -> dict:
    """Ask the API as the dispatcher signed in on this page."""
    query = {"person": "T001", "equipment": equipment} | ({"on": day.isoformat()} if day else {})
    answer = page.request.get("/api/v1/duty", params=query)
    assert answer.ok
    return answer.json()


def duty_is_refused(page: Page, equipment: str, *reasons: str, day: dt.date | None = None) -> None:
    """8. Refused, with reasons."""
    ask_page(page, equipment, day)
    expect(page.locator("main")).to_contain_text("不予上岗")
    for reason in reasons:
        expect(page.locator("main")).to_contain_text(reason)


def duty_is_allowed(page: Page, day: dt.date) -> None:
    """8b. Allowed today; yesterday stays refused; the lift needs a statutory certificate."""
    ask_page(page, "冷库", day)
    expect(page.locator("main")).to_contain_text("允许上岗")
    assert ask_api(page, "冷库", day)["allowed"] is True
    assert ask_api(page, "冷库")["allowed"] is True
    duty_is_refused(page, "冷库", day=day - dt.timedelta(days=1))
    assert ask_api(page, "冷库", day - dt.timedelta(days=1))["allowed"] is False
    duty_is_refused(page, "传菜梯", "缺少法定证件", day=day)
    codes = [reason["code"] for reason in ask_api(page, "传菜梯", day)["reasons"]]
    assert "statutory_missing" in codes
