"""A trainer publishes a module and a fault article in the admin, without touching Python (step 9 of the walk)."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


@pytest.fixture
def admin(desktop) -> Page:
    """The Wagtail admin, opened by a trainer; its own scripts may log what they like."""
    page = desktop("R001")
    page.goto("/cms/")
    expect(page.locator("body")).to_contain_text("陈建国")
    return page


def publish(page: Page) -> None:
    """Open the menu beside the save button and publish."""
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_load_state()
    expect(page.locator(".messages .success")).to_be_visible()


def choose(page: Page, name: str, text: str) -> None:
    """Choose the option of a select that contains ``text``."""
    select = page.locator(f"select[name='{name}']")
    select.select_option(label=select.locator("option", has_text=text).first.inner_text().strip())


def test_trainer_publishes_a_module(admin: Page, phone):
    admin.goto("/cms/snippets/courses/trainingmodule/add/")
    admin.locator("input[name=code]").fill("TM-11")
    admin.locator("input[name=title]").fill("制冰机技术培训")
    admin.locator("textarea[name=summary]").fill("讲解制冰机的结构、清洗和常见故障。")
    choose(admin, "category", "冷冻设备")
    admin.locator("input[name=minutes]").fill("240")
    if not admin.locator("input[name='topics-0-text']").count():
        admin.locator("button[id$='topics-ADD']").click()
    admin.locator("select[name='topics-0-topic']").select_option("T08")
    admin.locator("input[name='topics-0-text']").fill("制冰机常见故障")
    admin.get_by_role("tab", name="讲师").click()
    admin.get_by_role("checkbox", name="R001").check()
    publish(admin)
    reader = phone("T001")
    reader.goto("/courses/modules/TM-11/")
    for fact in ("制冰机技术培训", "4 小时", "制冰机常见故障", "陈建国"):
        expect(reader.locator(".page__grid")).to_contain_text(fact)


def test_trainer_publishes_a_fault_article_and_it_is_found(admin: Page, phone):
    admin.goto("/cms/snippets/kb/faultarticle/add/")
    admin.locator("#id_number").fill("RF-ICEMAKER")
    admin.locator("#id_title").fill("制冰机不脱冰")
    admin.locator("#id_symptom").fill("冰块粘在冰模上不落下")
    admin.locator("#id_safety_notes-ADD").click()
    admin.locator("#id_safety_notes-0-text").fill("先断电再取冰")
    admin.locator("#id_pairs-ADD").click()
    admin.locator("#id_pairs-0-cause").fill("热气阀不开")
    admin.locator("#id_pairs-0-check_text").fill("量热气阀线圈电阻")
    admin.locator("#id_pairs-0-remedy").fill("更换热气阀")
    admin.get_by_role("tab", name="适用设备").click()
    choose(admin, "category", "冷冻设备")
    publish(admin)
    reader = phone("T002")
    reader.goto("/kb/faults/RF-ICEMAKER/")
    expect(reader.locator("main")).to_contain_text("先断电再取冰")
    reader.goto("/search/?q=制冰机不脱冰")
    for _attempt in range(20):  # the index is written in the background, within seconds
        if reader.locator("[data-ref='RF-ICEMAKER']").count():
            break
        reader.wait_for_timeout(500)
        reader.reload()
    expect(reader.locator("[data-ref='RF-ICEMAKER']")).to_be_visible()
