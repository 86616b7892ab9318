"""The server goes while somebody draws: the browser reads on, says so, and gives back when the server returns."""

import math
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import open_page, settled, wait_until
from tests.support.demo import Demo
from tests.support.wire import Wire

AWAY = "The server is away; your browser reads."
LONGEST = 0.9  # seconds between two readings that are painted: less than the second in which nobody answers

# Every reading that is painted: when, its number, who read it, and what is said.
WATCH = """() => {
  window.painted = [];
  const prediction = document.querySelector("#prediction");
  const note = () => painted.push({
    at: performance.now() / 1000, revision: Number(prediction.dataset.revision), by: prediction.dataset.by,
    said: document.querySelector("#status").textContent,
  });
  new MutationObserver(note).observe(prediction, { attributeFilter: ["data-revision"] });
}"""
LOADED = """performance.getEntriesByType("resource").filter(({ name, responseEnd }) =>
  responseEnd && /weights.bin|backend.local/.test(name)).length >= 2"""


@pytest.fixture
def wire(demo: Demo) -> Iterator[Wire]:
    wire = Wire(demo.url)
    yield wire
    wire.close()


def open_loaded(page: Page, url: str) -> None:
    """Open the page, and wait until the browser can read too."""
    open_page(page, url)
    wait_until(page, LOADED)
    page.wait_for_timeout(300)


def draw_while(page: Page, *, seconds: float, at: dict[float, Callable[[], None]]) -> None:
    """Go round and round with the pen, and do what is to be done at so many seconds."""
    pad = page.locator("#sketch-pad canvas").bounding_box()
    page.mouse.move(pad["x"] + 0.8 * pad["width"], pad["y"] + 0.5 * pad["height"])
    page.mouse.down()
    begun = page.evaluate("performance.now() / 1000")
    left = dict(at)
    while (now := page.evaluate("performance.now() / 1000") - begun) < seconds:
        for when in [when for when in left if when <= now]:
            left.pop(when)()
        page.mouse.move(
            pad["x"] + (0.5 + 0.3 * math.cos(9 * now)) * pad["width"],
            pad["y"] + (0.5 + 0.3 * math.sin(7 * now)) * pad["height"],
        )
    page.mouse.up()


def longest_pause(page: Page) -> float:
    """The longest time between two readings so far, in seconds."""
    return max(later["at"] - one["at"] for one, later in pairwise(page.evaluate("painted")))


def check(page: Page) -> None:
    """No frame is lost from server to browser and back."""
    painted = page.evaluate("painted")
    assert [by for by, _ in groupby(one["by"] for one in painted)] == ["server", "browser", "server"]
    assert all(later["revision"] == one["revision"] + 1 for one, later in pairwise(painted))
    assert {one["said"] for one in painted if one["by"] == "browser"} == {AWAY}


def test_no_frame_is_lost_when_the_server_goes_mid_stroke(wire: Wire, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    open_loaded(page, wire.url)
    page.evaluate(WATCH)
    draw_while(page, seconds=2.4, at={0.8: wire.close, 1.6: wire.open})
    page.wait_for_selector("#prediction[data-by=server]")
    settled(page)
    expect(page.locator("#status")).to_be_hidden()
    check(page)
    assert longest_pause(page) < LONGEST
    page.close()


@pytest.mark.thorough
def test_no_frame_is_lost_when_the_server_is_killed_and_started_again(browser: Browser) -> None:
    demo = Demo()
    page = browser.new_page()
    try:
        open_loaded(page, demo.url)
        page.evaluate(WATCH)
        draw_while(page, seconds=4, at={1: demo.kill})
        expect(page.locator("#status")).to_have_text(AWAY)
        longest = longest_pause(page)  # while the pen moves; until the server is up nothing more is drawn
        demo.start()
        page.wait_for_selector("#prediction[data-by=server]", timeout=20_000)
        expect(page.locator("#status")).to_be_hidden()
        settled(page)
        check(page)
    finally:
        demo.kill()
        page.close()
    print(f"longest time between two readings: {1000 * longest:.0f} ms")
    assert longest < LONGEST
