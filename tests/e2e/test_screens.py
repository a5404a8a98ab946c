"""Every main screen as its people see it: it fits, the console stays empty, axe finds nothing serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.e2e.devices import DESKTOP, PHONE, device

pytestmark = pytest.mark.e2e

SCREENS = {
    None: ("/", "/search/?q=结霜", "/accounts/login/", "/verify/"),
    "T001": (
        *("/", "/me/", "/search/", "/search/?q=E1", "/kb/", "/kb/faults/", "/kb/faults/RF-FROST/", "/kb/codes/E1/"),
        *("/kb/manuals/", "/kb/manuals/SM-RF-01/", "/courses/", "/courses/modules/TM-01/", "/courses/sessions/"),
        *("/courses/calendar/", "/courses/calendar/?view=week", "/courses/my/", "/courses/feeds/", "/certification/"),
        *("/certification/quizzes/QZ-RF/", "/units/"),
    ),
    "R001": ("/courses/sessions/new/",),
    "A001": ("/certification/practicals/",),
    "D001": ("/certification/duty/?person=T001&equipment=冷库", "/certification/coverage/"),
    "M001": ("/certification/matrix/", "/certification/people/T002/", "/certification/statutory/new/"),
    "U001": ("/certification/as-of/?equipment=冷库",),
    "C001": ("/", "/kb/", "/courses/"),
}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("reader", SCREENS, ids=str)
def test_screens_fit_and_are_accessible(browser: Browser, site: str, reader: str | None, viewport: dict):
    serious = []
    with device(browser, site, viewport, reader) as page:
        for path in SCREENS[reader]:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            found = Axe().run(page).response["violations"]
            serious += [
                (path, item["id"], item["nodes"][0]["html"][:120])
                for item in found
                if item["impact"] in ("serious", "critical")
            ]
    assert serious == []
