"""Take the pictures in docs/screenshots anew from the demo data. ``make screenshots``."""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.devices import DESKTOP, PHONE, sign_in
from tests.servers import ROOT, demo_state, portal

TARGET = ROOT / "docs" / "screenshots"


@dataclass(frozen=True)
class Shot:
    """A picture: file name, who looks (None: nobody signed in), where, on what."""

    name: str
    reader: str | None
    path: str
    viewport: dict[str, int]
    is_dark: bool = False


SHOTS = [
    Shot("home-phone", "T001", "/", PHONE),
    Shot("search-phone", "T001", "/search/?q=冰柜结霜", PHONE),
    Shot("fault-phone", "T001", "/kb/faults/RF-FROST/", PHONE),
    Shot("fault-phone-dark", "T001", "/kb/faults/RF-FROST/", PHONE, is_dark=True),
    Shot("home", "T001", "/", DESKTOP),
    Shot("chooser", "T002", "/search/?q=E1", DESKTOP),
    Shot("module", "T001", "/courses/modules/TM-01/", DESKTOP),
    Shot("calendar", "R001", "/courses/calendar/", DESKTOP),
    Shot("certification", "T001", "/certification/", DESKTOP),
    Shot("duty", "D001", "/certification/duty/?person=T002&equipment=冷库", DESKTOP),
    Shot("matrix", "M001", "/certification/matrix/", DESKTOP),
]


def take(browser: Browser, address: str, shot: Shot, target: Path) -> None:
    """Open the page as the reader and keep what the screen shows."""
    context = browser.new_context(
        base_url=address,
        viewport=shot.viewport,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if shot.is_dark else "light",
    )
    page = context.new_page()
    if shot.reader:
        sign_in(page, shot.reader)
    response = page.goto(shot.path)
    if response is None or not response.ok:
        raise RuntimeError(f"{shot.path} answered {response and response.status}")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target / f"{shot.name}.png")
    context.close()


def main() -> int:
    """Take all pictures, or those whose names are given as arguments."""
    wanted = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo_state(all_articles=True) as state, portal(state) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for shot in wanted:
            take(browser, address, shot, TARGET)
            print(f"{shot.name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
