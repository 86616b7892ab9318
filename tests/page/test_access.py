"""For everyone: by keyboard, on any screen, in any theme, checked by axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import open_page, says, settled
from tests.support.demo import Demo

SIZES = [
    (1920, 1080),
    (1440, 900),
    (1366, 657),
    (1280, 720),
    (1180, 700),
    (820, 1180),
    (640, 360),
    (390, 844),
    (360, 640),
]


OFTEN = [((1440, 900), "light"), ((390, 844), "dark")]
SELDOM = [*((size, "light") for size in SIZES if (size, "light") not in OFTEN), ((1440, 900), "dark")]


@pytest.mark.parametrize(
    ("size", "theme"), [*OFTEN, *(pytest.param(*one, marks=pytest.mark.thorough) for one in SELDOM)]
)
def test_axe_finds_nothing(demo: Demo, visitor: BrowserContext, theme: str, size: tuple[int, int]) -> None:
    page = visitor.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)
    open_page(page, demo.url)
    for experiment in (None, "Never forget"):
        if experiment:
            page.click(f"text={experiment}")
            page.click("[data-vary=rotated]")
            settled(page)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["impact"], [n["target"] for n in v["nodes"]]) for v in found] == []
    page.close()


def test_no_sideways_scroll(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
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
            const box = e.querySelector?.(".box"); // of a part of the cell, whose frame grows
            return [name, shown.outlineStyle !== "none" || (box && getComputedStyle(box).strokeWidth !== "2px")]; }"""
        )
        assert ring or name == "page", f"{name} has the focus and does not show it"
        reached.add(name)
    wanted = {"theme", "undo", "clear", "upload", "share", "play", "row", "overlay", "evidence-for", "silence"}
    wanted |= {"similarity", "Never forget", "silence-unit", "pin", "png"}
    assert wanted - reached == set()


def test_there_is_one_main_and_one_voice(four: Page) -> None:
    assert four.locator("main").count() == 1
    live = four.evaluate("""() =>
      [...document.querySelectorAll("[aria-live], output, [role=status], [role=alert], [role=log]")]
        .filter((e) => e.ariaLive !== "off").map((e) => e.id || e.className)""")
    assert sorted(live) == ["spoken", "status"]  # what has changed, and what went wrong


def test_a_change_is_one_sentence(four: Page) -> None:
    four.evaluate("""() => {
      window.heard = [];
      const hear = () => heard.push(document.querySelector(".spoken").textContent);
      new MutationObserver(hear).observe(document.querySelector(".spoken"), { childList: true, characterData: true });
    }""")
    four.evaluate("document.querySelectorAll('#examples button')[7].click()")
    four.wait_for_timeout(1500)
    (sentence,) = four.evaluate("heard")
    assert sentence.startswith("Read as 7, ")


def test_maps_are_operated_by_keys_and_say_their_value(four: Page) -> None:
    four.focus("#forget_gate canvas")
    four.keyboard.press("Control+Home")
    where = "c => [c.role ?? c.getAttribute('role'), c.ariaValueNow, c.ariaValueText]"
    role, place, words = four.eval_on_selector("#forget_gate canvas", where)
    assert (role, place) == ("slider", "0")
    assert re.fullmatch(r"row 1, unit \d+: 0\.\d\d", words)
    for key, wanted in (
        ("End", 127),
        ("PageDown", 7 * 128 + 127),
        ("ArrowDown", 8 * 128 + 127),
        ("Home", 8 * 128),
        ("Control+End", 27 * 128 + 127),
        ("PageUp", 20 * 128 + 127),
        ("ArrowUp", 19 * 128 + 127),
        ("ArrowLeft", 19 * 128 + 126),
    ):
        four.keyboard.press(key)
        assert four.get_attribute("#forget_gate canvas", "aria-valuenow") == str(wanted), key
    four.keyboard.press("Enter")
    expect(four.locator("#row")).to_have_value("19")
    four.focus("#verdict canvas")
    four.keyboard.press("End")
    assert re.fullmatch(r"row 20: 9 with [\d.]+ ?%", four.get_attribute("#verdict canvas", "aria-valuetext"))


def test_a_digit_is_drawn_by_keys_alone_and_undone_and_done_again(page: Page) -> None:
    page.focus("#sketch-pad canvas")
    page.keyboard.press("Space")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    says(page, "1")
    page.keyboard.press("Control+z")
    says(page, "")
    page.keyboard.press("Control+Shift+Z")
    says(page, "1")
    expect(page.locator("#redo")).to_be_disabled()
    page.click("#undo")
    says(page, "")
    page.keyboard.press("Control+y")
    says(page, "1")


def test_space_kept_down_puts_the_pen_down_once(page: Page) -> None:
    page.focus("#sketch-pad canvas")
    for _ in range(4):
        page.keyboard.down("Space")
    page.keyboard.up("Space")
    assert "down" in page.get_attribute(".pen-tip", "class")


def test_explanations_can_be_had_by_keyboard_and_by_touch(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    page = context.new_page()
    open_page(page, demo.url)
    hint = page.locator("#hint")
    unreached = page.evaluate("""() => [...document.querySelectorAll("[title]:not([title=''])")]
      .filter((e) => !e.matches("button, a, label, input, select, canvas, [tabindex='0']"))
      .filter((e) => !e.querySelector("button, input, select"))
      .map((e) => e.outerHTML.slice(0, 80))""")
    assert unreached == []
    small = page.locator(".figure [title][role=button]").first
    small.tap()
    expect(hint).to_have_text(small.get_attribute("title"))
    page.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    page.focus("#undo")
    page.keyboard.press("Tab")
    explained = page.evaluate("document.activeElement.closest('[title]')?.title")
    expect(hint).to_have_text(explained)
    assert page.evaluate("document.activeElement.closest('[title]').getAttribute('aria-describedby')") == "hint"
    before = page.get_attribute("#prediction", "data-revision")
    page.locator("#clear").scroll_into_view_if_needed()
    clear = page.locator("#clear").bounding_box()
    session = context.new_cdp_session(page)
    touch = {"x": clear["x"] + 9, "y": clear["y"] + 9}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    page.wait_for_timeout(700)
    expect(hint).to_have_text(page.get_attribute("#clear", "title"))
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    assert page.get_attribute("#prediction", "data-revision") == before, "a long press asks and does not press"
    context.close()


PAPER = {"media": "print"}


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, PAPER, {**PAPER, "color_scheme": "dark"}])
def test_ink_bars_scales_and_pressed_states_are_kept(four: Page, media: dict[str, str]) -> None:
    four.emulate_media(**media)
    colour = """([selector, property]) => getComputedStyle(document.querySelector(selector))[property]"""
    pad = four.evaluate(colour, ["#sketch-pad", "backgroundColor"])
    assert pad in ("rgb(255, 255, 255)", "rgb(243, 243, 240)"), "the ink is black"
    assert "gradient" in four.evaluate(colour, [".scale i", "backgroundImage"])
    if media.get("color_scheme"):
        assert four.evaluate(colour, ["body", "backgroundColor"]) == "rgb(250, 250, 248)", "paper is light"
    bar, behind = (four.evaluate(colour, [part, "backgroundColor"]) for part in (".bars .best i", "body"))
    assert bar != behind
    assert bar != "rgba(0, 0, 0, 0)"
    pressed, other = (
        four.evaluate(colour, [f"#order button[aria-pressed={on}]", "backgroundColor"]) for on in ("true", "false")
    )
    assert pressed != other
    if "media" in media:
        assert four.evaluate(colour, [".bars i", "printColorAdjust"]) == "exact"
    four.emulate_media(forced_colors="none", media="screen", color_scheme="light")


def test_a_dark_page_is_dark_again_after_printing(four: Page) -> None:
    """Also in a browser that tells nobody when the media are those of paper."""
    four.click("#theme")
    expect(four.locator("#theme")).to_contain_text("Light")
    four.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(four.locator("#theme")).to_contain_text("Dark")
    four.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(four.locator("#theme")).to_contain_text("Light")


def test_keys_with_which_the_browser_goes_back_are_left_to_it(four: Page) -> None:
    taken = """(where, [key, held]) => {
        const pressed = new KeyboardEvent("keydown", { key, [held]: true, bubbles: true, cancelable: true });
        where.dispatchEvent(pressed);
        return pressed.defaultPrevented;
    }"""
    four.click("#tour")
    for where in ("#hidden canvas", "#cell-diagram [data-part]", "body"):
        for key in ("ArrowLeft", "ArrowRight"):
            for held in ("altKey", "metaKey"):
                assert not four.locator(where).first.evaluate(taken, [key, held]), (where, key, held)
    for held in ("altKey", "ctrlKey"):
        assert not four.locator("body").evaluate(taken, ["Backspace", held])
    says(four, "4")
