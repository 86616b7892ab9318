"""Server dead, network cut, replies cut or late, laptop asleep: the page recovers by itself, and the drawing stays."""

import io
import json
import re
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from model import strokes_to_image
from tests.support.browser import draw, open_page, without_engine
from tests.support.demo import Demo
from tests.support.drawings import pen_digits
from tests.support.wire import Wire

pytestmark = pytest.mark.usefixtures("no_engine")

DIGITS = {entry["digit"]: entry["strokes"] for entry in pen_digits()}
NEEDED = re.compile(r"/page/(read|network\.json)$")
READ, FIND = re.compile("/page/read$"), re.compile("/page/find$")


# Whether the unit's card shows the digits that drive the unit.
BEST_DIGITS = """() => [...document.querySelectorAll(".unit .drives canvas")].some((canvas) =>
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))"""


@pytest.fixture
def wire(demo: Demo) -> Iterator[Wire]:
    wire = Wire(demo.url)
    yield wire
    wire.close()


def says(page: Page, digit: str, within: float = 15) -> None:
    expect(page.locator("#prediction")).to_have_attribute("data-digit", digit, timeout=1000 * within)
    expect(page.locator("#status")).to_be_hidden(timeout=1000 * within)


def drawn(page: Page) -> list:
    """The ink on the pad, as it is seen."""
    return page.eval_on_selector(
        "#sketch-pad canvas",
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, k) => k % 4 === 3)",
    )


def loses_the_server(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text("Your drawing is kept; trying again", timeout=15_000)


@pytest.mark.thorough
def test_killed_and_restarted_under_two_tabs_each_keeps_its_drawing(browser: Browser) -> None:
    demo = Demo()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    without_engine(context)
    tabs = [context.new_page() for _ in range(2)]
    try:
        for tab in tabs:
            open_page(tab, demo.url)
            tab.evaluate("window.sameLoad = true")
        demo.kill()
        for tab, digit in zip(tabs, (3, 7), strict=True):
            tab.bring_to_front()
            draw(tab, DIGITS[digit])
            loses_the_server(tab)
            assert tab.get_attribute("#status", "aria-live") == "polite"
        ink = [drawn(tab) for tab in tabs]
        assert ink[0] != ink[1]
        demo.start()
        for tab, digit, mine in zip(tabs, "37", ink, strict=True):
            says(tab, digit)
            assert drawn(tab) == mine
            assert tab.evaluate("window.sameLoad"), "it was not loaded again"
        for tab, digit, mine in zip(tabs, "37", ink, strict=True):
            tab.bring_to_front()
            tab.reload()
            says(tab, digit)
            assert drawn(tab) == mine
            tab.click("#undo")
            says(tab, "")
    finally:
        context.close()
        demo.kill()


@pytest.mark.served
def test_the_network_is_cut_for_a_while(page: Page) -> None:
    page.context.set_offline(True)
    draw(page, DIGITS[2])
    loses_the_server(page)
    page.wait_for_timeout(2_000)
    loses_the_server(page)
    ink = drawn(page)
    page.context.set_offline(False)
    says(page, "2", within=3)  # at once, since the browser says that it is back
    assert drawn(page) == ink


@pytest.mark.thorough
@pytest.mark.parametrize("fault", ["cut", "swallow"])
def test_replies_that_are_cut_or_never_come(wire: Wire, browser: Browser, fault: str) -> None:
    page = browser.new_page()
    without_engine(page)
    open_page(page, wire.url)
    wire.fault = fault
    draw(page, DIGITS[6])
    loses_the_server(page)
    ink = drawn(page)
    wire.fault = None
    says(page, "6", within=30)
    assert drawn(page) == ink
    page.close()


@pytest.mark.thorough
def test_after_an_hour_asleep_it_asks_at_once(demo: Demo, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    without_engine(page)
    page.clock.install()
    open_page(page, demo.url)
    tries = []

    def refuse(route: Route) -> None:
        tries.append(route.request.post_data)
        route.abort()

    for wake in (
        "dispatchEvent(new Event('online'))",
        "document.dispatchEvent(new Event('visibilitychange'))",
    ):
        page.route(READ, refuse)
        page.click("#examples button >> nth=8")
        loses_the_server(page)
        while len(tries) < 4:
            page.wait_for_timeout(50)
        page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)  # from here on no timer runs out
        page.wait_for_timeout(300)
        asleep = len(tries)
        page.wait_for_timeout(1000)
        assert len(tries) == asleep
        page.unroute(READ)
        page.evaluate(wake)
        says(page, "8", within=3)
        page.clock.resume()
        tries.clear()
        page.click("#examples button >> nth=1")
        says(page, "1")
    page.route(READ, refuse)
    page.click("#examples button >> nth=5")
    loses_the_server(page)
    page.unroute(READ)
    page.clock.fast_forward("01:00:00")  # the timers run out, each once
    says(page, "5")
    context.close()


@pytest.mark.served
@pytest.mark.thorough
def test_tries_come_less_and_less_often_and_not_in_step(page: Page) -> None:
    times = []

    def refuse(route: Route) -> None:
        times.append(time.monotonic())
        route.abort()

    page.evaluate("let calls = 0; Math.random = () => calls++ % 2")  # rests are the shortest and the longest in turn
    page.route(READ, refuse)
    page.click("#examples button >> nth=8")
    while len(times) < 6:
        page.wait_for_timeout(50)
    page.unroute(READ)
    says(page, "8")
    rests = np.diff(times)
    assert rests.max() < 6
    assert rests[-1] > 2 * rests[0]
    assert np.ptp((rests / np.minimum(4, 0.3 * 2 ** np.arange(5)))[2:]) > 0.3  # of what is usual, 0.5 and 1


@pytest.mark.parametrize("name", ["network.json", pytest.param("units.json", marks=pytest.mark.thorough)])
def test_what_does_not_change_is_asked_for_until_it_is_there(demo: Demo, visitor: BrowserContext, name: str) -> None:
    page = visitor.new_page()
    replies = iter(["", "{}", '{"readout": "AAA', '{"detail": "Bad Gateway"}'])

    def spoil(route: Route) -> None:
        body = next(replies, None)
        if body is None:
            route.continue_()
        else:
            route.fulfill(status=200, content_type="application/json", body=body)

    page.route(f"**/page/{name}", spoil)
    open_page(page, demo.url)  # waits for a reading, which follows from what is known of the network
    page.wait_for_function(BEST_DIGITS)
    assert next(replies, None) is None
    expect(page.locator("#status")).to_be_hidden()
    page.close()


def test_strokes_drawn_before_anything_is_answered_are_kept_and_read(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    held: list[Route] = []
    released = False
    page.route(NEEDED, lambda route: route.continue_() if released else held.append(route))
    page.goto(demo.url)
    page.wait_for_selector("#sketch-pad canvas")
    page.wait_for_timeout(500)
    draw(page, DIGITS[5])
    ink = drawn(page)
    assert page.get_attribute("#prediction", "data-digit") == ""
    released = True
    for route in held:
        route.continue_()
    says(page, "5")
    assert drawn(page) == ink
    page.close()


@pytest.mark.served
def test_an_answer_that_is_none_of_ours_is_asked_for_again(page: Page) -> None:
    page.route(READ, lambda route: route.fulfill(status=200, json={"detail": "Bad Gateway"}))
    page.click("#examples button >> nth=6")
    loses_the_server(page)
    page.unroute(READ)
    says(page, "6")


def png(strokes: list[list[float]]) -> dict:
    ink = strokes_to_image([np.array(stroke).reshape(-1, 2) for stroke in strokes])
    file = io.BytesIO()
    Image.fromarray(255 - np.rint(255 * ink).astype(np.uint8)).resize((280, 280)).save(file, "PNG")
    return {"name": "digit.png", "mimeType": "image/png", "buffer": file.getvalue()}


@pytest.mark.served
def test_a_picture_that_is_found_late_does_not_replace_what_came_since(page: Page) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    page.route(FIND, hold)
    page.set_input_files("#upload", png(DIGITS[5]))
    while not late:
        page.wait_for_timeout(20)
    page.set_input_files("#upload", png(DIGITS[8]))
    says(page, "8")
    late.pop().continue_()
    page.wait_for_timeout(500)
    says(page, "8")
    page.set_input_files("#upload", png(DIGITS[5]))
    while not late:
        page.wait_for_timeout(20)
    draw(page, DIGITS[1])
    says(page, "1")
    late.pop().continue_()
    page.wait_for_timeout(500)
    says(page, "1")
    page.unroute_all(behavior="wait")


def test_a_file_is_made_of_what_was_sent_before_when_the_server_does_not_answer(demo: Demo, browser: Browser) -> None:
    page = browser.new_page()
    without_engine(page)
    page.clock.install()
    open_page(page, demo.url)
    held: list[Route] = []
    page.route(READ, lambda route: held.append(route))
    button = page.locator("#take [data-kind=npz]")
    expect(button).to_be_enabled()
    button.click()
    while not held:
        page.wait_for_timeout(50)
    assert json.loads(held[0].request.post_data)["full"] is True
    expect(button).to_be_disabled()
    with page.expect_download():
        page.clock.fast_forward(25_000)
    page.close()
