"""For everyone: by keyboard, on any screen, in any theme, checked by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.browser import open_page, settled
from tests.support.demo import Demo


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_axe_finds_nothing_serious(demo: Demo, browser: Browser, theme: str, size: tuple[int, int]) -> None:
    context = browser.new_context(color_scheme=theme, viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    open_page(page, demo.url)
    for experiment in (None, "Never forget"):
        if experiment:
            page.click(f"text={experiment}")
            page.click("[data-vary=rotated]")
            settled(page)
        found = Axe().run(page).response["violations"]
        assert [
            (v["id"], [n["target"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")
        ] == []
    context.close()


def test_no_sideways_scroll(demo: Demo, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    open_page(page, demo.url)
    page.click("[data-vary=rotated]")
    page.click("text=Never forget")
    settled(page)
    for width in (360, 390, 768, 844, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        edges = page.locator(".gatescope *").evaluate_all("all => all.map((e) => e.getBoundingClientRect().right)")
        assert max(edges) <= width, "something is cut off at the right"
    page.close()


def test_every_control_is_reached_by_the_keyboard_and_shows_it(four: Page) -> None:
    four.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(240):
        four.keyboard.press("Tab")
        name, ring = four.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            const shown = e.type === "file" ? getComputedStyle(e.parentElement) : s;
            const name = e === document.body ? "page" : e.id || e.dataset.kind || e.textContent.trim() || e.ariaLabel;
            return [name, shown.outlineStyle !== "none"]; }"""
        )
        assert ring or name == "page", f"{name} has the focus and does not show it"
        reached.add(name)
    wanted = {"theme", "undo", "clear", "upload", "share", "play", "row", "overlay", "evidence-for", "silence"}
    wanted |= {"similarity", "Never forget", "silence-unit", "pin", "png"}
    assert wanted - reached == set()
