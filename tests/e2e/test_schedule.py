"""The schedule in a browser: a drag by mouse, a move by keys, a clash that is refused, the day on a telephone."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def card(page, title):
    """A card of the board that may be moved."""
    return page.locator("[data-board] [data-card]").filter(has_text=title).first


def monday():
    """The Monday of the week after this one, as the demo data counts weeks."""
    today = dt.date.today()
    return today + dt.timedelta(days=7 - today.weekday())


def cell(page, day):
    """The field of a day."""
    return page.locator(f"[data-cell='{day.isoformat()}']").first


@pytest.fixture
def board(desktop):
    """The month of an administrator."""
    page = desktop("S001")
    page.goto(f"/courses/schedule/?view=month&date={monday().isoformat()}")
    return page


def test_session_is_dragged_to_another_day_and_moved_back_by_keys(board):
    moved = card(board, "冷冻设备技术培训（一期）")
    day = dt.date.fromisoformat(moved.get_attribute("data-day"))
    saturday = day + dt.timedelta(days=5 - day.weekday())
    moved.drag_to(cell(board, saturday))
    board.wait_for_url(re.compile("view=month"))
    expect(board.locator("#messages")).to_contain_text("冷冻设备技术培训（一期）")
    moved = card(board, "冷冻设备技术培训（一期）")
    expect(moved).to_have_attribute("data-day", saturday.isoformat())

    moved.locator("[data-grip]").focus()
    board.keyboard.press("Space")
    expect(board.locator("[data-board-says]")).to_contain_text("冷冻设备技术培训（一期）")
    board.keyboard.press("ArrowLeft")
    expect(cell(board, saturday - dt.timedelta(days=1))).to_have_class(re.compile("board__cell--target"))
    board.keyboard.press("Escape")
    expect(board.locator(".board__cell--target")).to_have_count(0)
    board.keyboard.press("Space")
    for _ in range((saturday - day).days):
        board.keyboard.press("ArrowLeft")
    board.keyboard.press("Enter")
    board.wait_for_url(re.compile("view=month"))
    expect(card(board, "冷冻设备技术培训（一期）")).to_have_attribute("data-day", day.isoformat())


def test_a_drag_onto_a_time_the_trainer_teaches_is_refused(board):
    trainer = card(board, "冷冻设备技术培训（二期）").get_attribute("data-trainer")
    first = card(board, "冷冻设备技术培训（一期）")
    assert first.get_attribute("data-trainer") == trainer
    second = card(board, "冷冻设备技术培训（二期）")
    day = dt.date.fromisoformat(second.get_attribute("data-day"))
    # Both weeks in sight: a page that scrolls between the press and the first move lets go of the card.
    board.set_viewport_size({"width": 1280, "height": 2400})
    first.drag_to(cell(board, day))
    board.wait_for_url(re.compile("/move/"))
    expect(board.locator("main")).to_contain_text("冷冻设备技术培训（二期）")
    expect(board.get_by_label("日期")).to_have_value(day.isoformat())
    board.get_by_role("link", name="返回，不作改动").click()
    expect(card(board, "冷冻设备技术培训（一期）")).not_to_have_attribute("data-day", day.isoformat())


def test_a_telephone_shows_the_day(phone):
    page = phone("S001")
    page.goto("/courses/schedule/")
    expect(page.locator(".board")).to_be_hidden()
    page.get_by_role("link", name="后一天").click()
    expect(page.locator(".board-day h2")).to_be_visible()
