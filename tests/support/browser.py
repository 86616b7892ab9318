"""A browser, and what a person does with the page in it."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tests.support.drawings import as_points

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def open_browser(playwright: Playwright) -> Browser:
    """Playwright's own Chromium where it is installed, else the system's."""
    own = Path(playwright.chromium.executable_path)
    path = own if own.exists() else shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


def open_page(page: Page, url: str) -> None:
    """Go to the demo and wait until the digit that it opens with has been read."""
    page.goto(url)
    page.wait_for_selector('#prediction:not([data-digit=""])')


def draw(page: Page, strokes: list[list[float]], size: float = 1.0, corner: tuple[float, float] = (0, 0)) -> None:
    """Draw with the mouse, as large a part of the pad as `size`, from the corner (x, y) in shares of the pad."""
    pad = page.locator("#sketch-pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in as_points(strokes):
        places = (stroke / 1000 * size + corner) * (box["width"], box["height"]) + (box["x"], box["y"])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def settled(page: Page) -> None:
    """Wait until no further reading is painted."""
    seen = None
    while seen != (seen := page.get_attribute("#prediction", "data-revision")):
        page.wait_for_timeout(150)
