"""The pad: digits are drawn with a real pointer, read while the pen is down, taken back and cleared."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import (
    READ,
    Held,
    draw,
    example,
    open_page,
    pixels,
    revision,
    says,
    settled,
    wait_until,
)
from tests.support.demo import Demo
from tests.support.drawings import first_of, pen_digits


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("#sketch-pad canvas").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawing(page: Page) -> str:
    """The drawing as the address holds it, once it has been written there."""
    page.wait_for_timeout(400)
    return page.evaluate("new URLSearchParams(location.hash.slice(1)).get('draw') ?? ''")


def ink(page: Page) -> int:
    return int((pixels(page, "#sketch-pad") != 0).sum())


def test_digits_that_people_wrote_are_read(page: Page) -> None:
    right = 0
    for entry in pen_digits()[::15]:
        page.click("#clear") if page.is_enabled("#clear") else None
        draw(page, entry["strokes"])
        settled(page)
        right += page.get_attribute("#prediction", "data-digit") == str(entry["digit"])
    assert right >= 3


@pytest.mark.site
def test_the_reading_follows_the_pen_while_it_is_down(page: Page) -> None:
    before = revision(page)
    x, y = middle(page)
    page.mouse.move(x, y - 80)
    page.mouse.down()
    seen = set()
    for step in range(20):
        page.mouse.move(x, y - 80 + 8 * step)
        page.wait_for_timeout(15)
        seen.add(revision(page))
    assert len(seen) > 8
    says(page, "1")
    page.mouse.up()
    settled(page)
    assert before < revision(page) <= before + 22


@pytest.mark.thorough
def test_tiny_huge_and_in_a_corner(page: Page) -> None:
    for size, corner in ((0.08, (0.02, 0.02)), (0.1, (0.88, 0.85)), (0.35, (0.6, 0.05)), (1.3, (-0.15, -0.15))):
        draw(page, first_of(3), size, corner)
        settled(page)
        says(page, "3")
        page.click("#clear")
        says(page, "")


@pytest.mark.site
def test_undo_and_clear(page: Page) -> None:
    expect(page.locator("#clear")).to_be_disabled()
    draw(page, [[300, 250, 310, 750]])
    settled(page)
    one = pixels(page, "#what-it-reads")
    says(page, "1")
    draw(page, [[600, 250, 610, 750]])
    settled(page)
    assert (pixels(page, "#what-it-reads") != one).any()
    page.click("#undo")
    settled(page)
    assert (pixels(page, "#what-it-reads") == one).all()
    page.click("#clear")
    says(page, "")
    settled(page)
    assert not (pixels(page, "#what-it-reads") >> 24 & 255).any()
    assert ink(page) == 0
    page.keyboard.press("Control+z")
    says(page, "1")
    page.keyboard.press("Delete")
    says(page, "")


@pytest.mark.parametrize("key", ["Delete", "Control+z"])
def test_a_pen_whose_stroke_is_taken_away_draws_no_further(page: Page, key: str) -> None:
    draw(page, [[200, 200, 250, 800]])
    kept = drawing(page) if key == "Control+z" else ""
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y)
    page.keyboard.press(key)
    page.mouse.move(x, y + 60)
    page.mouse.move(x - 60, y)
    page.mouse.up()
    assert drawing(page) == kept
    page.mouse.down()
    page.mouse.move(x + 20, y)
    page.mouse.up()
    assert drawing(page).count("_") == (1 if kept else 0), "the pen draws again once it is put down anew"
    assert drawing(page).startswith(kept)


def test_undoing_the_first_stroke_brings_back_an_offer_and_not_a_drawing(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    open_page(page, demo.url)
    draw(page, [[100, 100, 200, 120]])
    page.click("#undo")
    says(page, "4")
    expect(page.locator(".hint")).to_have_text("Now draw your own, right over it")
    assert drawing(page) == ""
    page.click("#redo")
    expect(page.locator(".hint")).to_be_hidden()
    page.click("#undo")
    draw(page, first_of(7))
    says(page, "7")
    wait_until(page, "location.hash.includes('draw=.')")
    assert drawing(page).count("_") == len(first_of(7)) - 1
    page.close()


def test_a_keyboards_pen_is_up_when_its_stroke_is_taken_away_or_another_draws(page: Page) -> None:
    def put_down() -> None:
        page.focus("#sketch-pad canvas")
        for key in ("Space", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        expect(page.locator(".pen-tip")).to_have_class("pen-tip down")

    put_down()
    page.keyboard.press("Control+z")
    expect(page.locator(".pen-tip")).to_have_class("pen-tip")
    page.keyboard.press("ArrowDown")
    assert drawing(page) == ""
    put_down()
    draw(page, [[100, 100, 150, 300]])
    wait_until(page, "location.hash.includes('draw=.')")
    kept = drawing(page)
    page.keyboard.press("ArrowRight")
    assert drawing(page) == kept
    expect(page.locator(".pen-tip")).to_have_class("pen-tip")


def test_an_example_stays_as_it_is_whatever_the_pen_does(page: Page) -> None:
    example(page, 7)
    seven = drawing(page)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.keyboard.press("Control+z")
    page.mouse.move(x + 90, y)
    page.mouse.up()
    page.click("#clear")
    example(page, 7)
    assert drawing(page) == seven


def test_a_tap_is_a_dot_and_no_digit(page: Page) -> None:
    x, y = middle(page)
    for jitter in ((0, 0), (0, 1), (1, -2), (0, 6)):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + jitter[0], y + jitter[1], steps=3)
        page.mouse.up()
        says(page, "?")
        settled(page)
        expect(page.locator("#prediction")).to_contain_text("Not a digit")
        assert ink(page) > 0
        assert 0 < (pixels(page, "#what-it-reads") >> 24 & 255).sum() / 255 < 12
        page.click("#clear")
        says(page, "")


@pytest.mark.served
def test_a_late_reply_does_not_bring_back_what_was_cleared(page: Page) -> None:
    example(page, 5)
    page.evaluate(
        "() => { window.seen = [];"
        " new MutationObserver(() => seen.push(document.querySelector('#prediction').dataset.digit))"
        ".observe(document.querySelector('#prediction'), {attributes: true}); }"
    )
    held = Held(page)
    page.click("#examples button >> nth=8")
    held.wait()
    page.click("#clear")
    held.let_go()
    says(page, "")
    settled(page)
    assert "8" not in page.evaluate("seen")


def test_what_is_drawn_before_the_first_answer_is_kept_and_read(page: Page, demo: Demo) -> None:
    held = Held(page)
    page.goto("about:blank")
    page.goto(demo.url)
    wait_until(page, "document.querySelector('.hint').textContent.startsWith('Now')")  # the pad takes ink by now
    draw(page, first_of(7))
    assert ink(page) > 0
    says(page, "")
    held.let_go()
    says(page, "7")
    expect(page.locator(".hint")).to_be_hidden()


def test_the_pad_takes_ink_before_the_other_views_are_there(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.add_init_script(
        """const { setTimeout } = window; window.later = [];
        window.setTimeout = (run, wait, ...more) => wait ? setTimeout(run, wait, ...more) : later.push(run);"""
    )
    page.goto(demo.url)
    wait_until(page, "window.later?.length > 0")
    assert page.locator("#examples button, .bars li, .maps figure").count() == 0
    draw(page, first_of(2))
    assert ink(page) > 0
    page.evaluate(
        """async () => { while (!("started" in document.body.dataset)) {
            later.shift()?.(); await new Promise(requestAnimationFrame); } }"""
    )
    says(page, "2")
    page.close()


@pytest.mark.served
def test_what_the_server_refuses_is_said_in_words(page: Page) -> None:
    sentence = "The drawing has 30,000 points; at most 20,000 can be read."
    page.route(READ, lambda route: route.fulfill(status=400, json={"error": sentence}))
    draw(page, first_of(6))
    expect(page.locator("#status")).to_have_text(sentence)
    assert ink(page) > 0


@pytest.mark.served
@pytest.mark.usefixtures("no_engine")
def test_a_damaged_reply_is_asked_for_again(page: Page) -> None:
    page.route(READ, lambda route: route.fulfill(status=200, body=b"\x01\x03"))
    page.click("#examples button >> nth=6")
    expect(page.locator("#status")).to_contain_text("trying again")
    page.unroute(READ)
    says(page, "6")
    expect(page.locator("#status")).to_be_hidden()


@pytest.mark.served
def test_the_drawing_alone_is_asked_for_without_an_experiment(page: Page) -> None:
    asked: list[dict] = []
    page.on("request", lambda request: READ.search(request.url) and asked.append(json.loads(request.post_data)))
    draw(page, first_of(4))
    settled(page)
    assert len(asked[-1]["strokes"]) == len(first_of(4))
    page.click("text=Never forget")
    settled(page)
    assert asked[-1]["hold"] == {"forget_gate": [1, 0, 27]}


def test_a_finger_draws_and_does_not_scroll_the_page(demo: Demo, handheld: BrowserContext) -> None:
    page = handheld.new_page()
    open_page(page, demo.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#sketch-pad canvas").bounding_box()
    devtools = handheld.new_cdp_session(page)

    def touch(kind: str, down: float | None) -> None:
        points = [] if down is None else [{"x": box["x"] + box["width"] / 2, "y": box["y"] + down * box["height"]}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.9)
    for step in range(20):
        touch("touchMove", 0.9 - 0.75 * step / 19)
    touch("touchEnd", None)
    says(page, "1")
    assert page.evaluate("scrollY") == 0
    page.click("text=Never forget")
    # Links within a sentence may be as small as its words.
    small = page.locator("button:visible:not(.link), select:visible, input:visible:not([type=file])").evaluate_all(
        """all => all.map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, r]) => r.width < 44 || r.height < 44).map(([html]) => html)"""
    )
    assert small == []
    page.close()
