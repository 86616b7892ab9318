"""What is seen before the scripts run, without them, and when they fail; what the page opens with; the theme."""

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import (
    Held,
    draw,
    example,
    open_page,
    pixels,
    revision,
    says,
    serve_apart,
    settled,
    wait_until,
)
from tests.support.demo import Demo

SHADE = "getComputedStyle(document.querySelector('.card')).backgroundColor"
DARK_CARD = "rgb(27, 29, 32)"
UNLOADED = "The page did not load whole. Please load it again."


SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        ("light", SIZES["desktop"]),
        ("dark", SIZES["phone"]),
        pytest.param("dark", SIZES["desktop"], marks=pytest.mark.thorough),
        pytest.param("light", SIZES["phone"], marks=pytest.mark.thorough),
    ],
)
def test_nothing_jumps_when_the_scripts_come(demo: Demo, browser: Browser, scheme: str, size: tuple[int, int]) -> None:
    """The page without its main script stands where it will stand, in its colours."""
    width, height = size
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": height}, has_touch=width < 500, is_mobile=width < 500
    )
    page = context.new_page()
    parts = "#sketch-pad, #prediction, #what-it-reads, #verdict, .inside h2, #unit-title"
    tops = f"[...document.querySelectorAll('{parts}')].map((e) => e.getBoundingClientRect().top)"
    page.route(re.compile(r"/main\.js"), lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(demo.url)
    shade = page.evaluate(SHADE)
    before = [top for top in page.evaluate(tops) if top < height]  # what lies below is not seen yet
    page.unroute_all()
    open_page(page, demo.url)
    settled(page)
    assert len(before) >= 3
    assert [top for top in page.evaluate(tops) if top < height] == pytest.approx(before, abs=8)
    assert page.evaluate(SHADE) == shade == (DARK_CARD if scheme == "dark" else "rgb(255, 255, 255)")
    context.close()


def test_without_scripts_the_page_says_what_it_needs(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.url)
    expect(page.locator("noscript p")).to_contain_text("needs JavaScript")
    expect(page.locator("#sketch-pad canvas")).to_be_visible()
    expect(page.locator("#guide-title")).to_have_text("Guide")
    assert page.locator("#status").is_hidden()
    context.close()


@pytest.mark.parametrize("apart", [False, True])
def test_a_page_that_did_not_load_whole_says_so(demo: Demo, visitor: BrowserContext, apart: bool) -> None:
    page = visitor.new_page()
    if apart:
        serve_apart(page)
    page.route(re.compile(r"colormaps\.json" if apart else r"/joined/main\.js"), lambda route: route.abort())
    page.goto(demo.url)
    expect(page.locator("#status")).to_have_text(UNLOADED)
    expect(page.locator("#status")).to_be_visible()
    page.close()


def test_a_script_that_fails_while_the_page_is_put_together_says_so(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.add_init_script("window.ResizeObserver = undefined;")
    page.goto(demo.url)
    expect(page.locator("#status")).to_have_text(UNLOADED)
    page.close()


def test_a_browser_without_modules_is_told(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.add_init_script("delete HTMLScriptElement.prototype.noModule;")
    page.route(re.compile(r"/main\.js"), lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(demo.url)
    expect(page.locator("#status")).to_have_text(UNLOADED)
    page.close()


def test_the_page_opens_with_a_digit_that_was_read_and_the_first_stroke_replaces_it(
    demo: Demo, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    open_page(page, demo.url)
    says(page, "4")
    expect(page.locator(".hint")).to_have_text("Now draw your own, right over it")
    assert page.is_disabled("#undo")
    assert page.text_content("#play .word") == "Read"
    assert page.text_content(".answer strong") == "4"
    assert page.locator(".veil:visible").count() == 0
    page.wait_for_timeout(600)  # the address follows when the page is at rest
    page.reload()  # which must not make the digit the visitor's own
    page.wait_for_selector('#prediction:not([data-digit=""])')
    expect(page.locator(".hint")).to_have_text("Now draw your own, right over it")
    page.click("#play")
    expect(page.locator("#play .word")).to_have_text("Pause")
    draw(page, [[500, 200, 500, 800]])
    assert page.text_content("#play .word") == "Read"
    settled(page)
    says(page, "1")
    assert page.locator(".hint").is_hidden()
    assert page.locator(".veil:visible").count() == 0
    page.close()


def test_the_theme_follows_the_system_and_then_the_button(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    open_page(page, demo.url)
    assert page.evaluate(SHADE) == DARK_CARD
    dark_map = pixels(page, "#hidden")
    page.click("#theme")
    assert page.evaluate(SHADE) == "rgb(255, 255, 255)"
    assert (pixels(page, "#hidden") != dark_map).any()
    tints = page.locator("meta[name=theme-color]").evaluate_all("all => all.map((e) => e.content)")
    assert set(tints) == {"rgb(250, 250, 248)"}
    page.reload()
    wait_until(page, "document.querySelector('#prediction').dataset.revision >= 1")
    assert revision(page) == 1
    assert page.evaluate(SHADE) == "rgb(255, 255, 255)"
    page.goto(f"{demo.url}?__theme=dark")
    page.wait_for_selector("body[data-started]")
    assert page.evaluate(SHADE) == DARK_CARD
    page.goto(f"{demo.url}?__theme=system")  # as a Space is opened
    page.wait_for_selector("body[data-started]")
    assert page.evaluate(SHADE) == "rgb(255, 255, 255)", "the button was used"
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_selector("body[data-started]")
    assert page.evaluate(SHADE) == DARK_CARD
    context.close()


def test_where_the_system_forces_its_colours_the_theme_is_the_systems(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark", forced_colors="active")
    page = context.new_page()
    page.add_init_script("localStorage.setItem('gatescope-theme', 'light')")
    open_page(page, demo.url)
    assert page.evaluate("[...document.body.classList].filter((name) => /dark|light/.test(name))") == []
    expect(page.locator("#theme")).to_be_hidden()
    page.emulate_media(forced_colors="none")
    wait_until(page, f"({SHADE}) === 'rgb(255, 255, 255)'")
    context.close()


def test_a_page_without_storage_and_clipboard_works(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.add_init_script(
        """const denied = () => { throw new DOMException("denied", "SecurityError"); };
        Object.defineProperty(window, "localStorage", { get: denied });
        Object.defineProperty(navigator, "clipboard", { value: undefined });
        document.execCommand = () => false;"""
    )
    open_page(page, demo.url)
    page.click("#theme")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.click("#share")
    expect(page.locator("#share")).to_have_text("Copy the address bar")
    page.close()


def test_nothing_is_fetched_from_another_host_and_no_script_fails(page: Page) -> None:
    for digit in range(10):
        example(page, digit)
        says(page, str(digit))
    time.sleep(0.2)  # the page fixture looks at every request when the test is over


def test_strokes_drawn_before_the_first_screen_is_there_are_kept_and_read(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(demo.url)))
    first_screen = Held(page, re.compile(r"/joined/screen\.js"))
    page.goto(demo.url)
    first_screen.wait()
    wait_until(page, "document.querySelector('.hint').textContent.startsWith('Now draw')")
    draw(page, [[500, 200, 500, 800]])
    assert (pixels(page, "#sketch-pad") > 0).any()
    assert page.is_enabled("#undo")
    assert "page/read" in asked
    assert page.locator("#hidden").count() == 0
    first_screen.let_go()
    says(page, "1")
    page.wait_for_selector("body[data-started]")
    page.close()


def test_what_is_shown_of_the_units_comes_after_the_first_reading(demo: Demo, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: "/page/" in request.url and asked.append(request.url.split("/page/")[1]))
    open_page(page, demo.url)
    page.wait_for_timeout(1000)
    assert asked.count("network.json") >= 1
    assert asked.count("units.json") == 1
    assert asked.index("units.json") > asked.index("read")
    page.close()
