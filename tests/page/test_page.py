"""The page, used as a person would use it: `demo.py` runs, and Chromium draws on it with a real pointer."""

import json
import re
import time

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import draw, open_page, settled
from tests.support.demo import Demo
from tests.support.drawings import pen_digits

MAPS = ("input_gate", "forget_gate", "output_gate", "candidate", "cell", "hidden")
DIGITS = pen_digits()
CALLS = re.compile("component_server")


def strokes_of(digit: int, nth: int = 0) -> list[list[float]]:
    return [entry["strokes"] for entry in DIGITS if entry["digit"] == digit][nth]


def says(page: Page, digit: str) -> None:
    expect(page.locator("#prediction")).to_have_attribute("data-digit", digit)


def revision(page: Page) -> int:
    return int(page.get_attribute("#prediction", "data-revision"))


def pixels(page: Page, selector: str) -> list[int]:
    return page.eval_on_selector(
        f"{selector} canvas",
        "c => [...new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)]",
    )


def example(page: Page, digit: int) -> None:
    page.click(f"#examples button >> nth={digit}")
    settled(page)


class Held:
    """Calls for a reading, as a slow network has them: the first is kept back, those after it fail until `let_go`."""

    def __init__(self, page: Page) -> None:
        self.first: Route | None = None
        self.let_go = False
        page.route(CALLS, self.handle)

    def handle(self, route: Route) -> None:
        if json.loads(route.request.post_data)["fn_name"] != "read" or self.let_go:
            route.continue_()
        elif self.first is None:
            self.first = route
        else:
            route.abort()


def test_digits_that_people_wrote_are_read(page) -> None:
    right = 0
    for entry in DIGITS[::3]:
        page.click("#clear") if page.is_enabled("#clear") else None
        draw(page, entry["strokes"])
        settled(page)
        right += page.get_attribute("#prediction", "data-digit") == str(entry["digit"])
    assert right >= 18


def test_the_reading_follows_the_pen_while_it_is_down(page) -> None:
    before = revision(page)
    box = page.locator("#sketch-pad canvas").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    seen = set()
    for step in range(40):
        page.mouse.move(box["x"] + 100, box["y"] + 60 + 4 * step)
        page.wait_for_timeout(15)
        seen.add(revision(page))
    assert len(seen) > 10
    says(page, "1")
    page.mouse.up()
    settled(page)
    assert before < revision(page) <= before + 42


def test_all_six_maps_show_the_reading(page) -> None:
    blank = {name: pixels(page, f"#{name}") for name in MAPS}
    example(page, 4)
    for name in MAPS:
        assert page.locator(f"#{name} canvas").count() == 1
        drawn = pixels(page, f"#{name}")
        assert len(drawn) == 28 * 128
        assert len(set(drawn)) > 40, name
        assert drawn != blank[name], name
        assert page.locator("figure", has=page.locator(f"#{name}")).locator(".scale").is_visible()


def test_the_prediction_is_in_the_bars_and_in_the_verdict(page) -> None:
    example(page, 7)
    says(page, "7")
    shares = [float(text.rstrip("%")) for text in page.locator(".bars output").all_text_contents()]
    assert len(shares) == 10
    assert sum(shares) == pytest.approx(100, abs=1)
    assert shares.index(max(shares)) == 7
    assert page.text_content(".answer strong") == "7"
    last = pixels(page, "#verdict")[-10:]
    assert len(set(last)) > 1
    assert page.text_content(".digits .best") == "7"
    assert re.match(r"Row 28 adds −?[\d.]+\. All rows .* logit −?[\d.]+$", page.text_content("#evidence-note"))
    assert len(set(pixels(page, "#evidence"))) > 2


@pytest.mark.parametrize(
    ("size", "corner"), [(0.08, (0.02, 0.02)), (0.1, (0.88, 0.85)), (0.35, (0.6, 0.05)), (1.3, (-0.15, -0.15))]
)
def test_tiny_huge_and_in_a_corner(page, size, corner) -> None:
    draw(page, strokes_of(3), size, corner)
    settled(page)
    says(page, "3")


def test_hovering_a_map_shows_row_unit_and_value_on_all_six(page) -> None:
    example(page, 4)
    box = page.locator("#forget_gate canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 42.5 / 128, box["y"] + box["height"] * 17.5 / 28)
    assert page.text_content("#cursor-text") == "row 18 · unit 42"
    for name in MAPS:
        figure = page.locator("figure", has=page.locator(f"#{name}"))
        assert re.fullmatch(r"−?\d\.\d\d", figure.locator("output").text_content())
        for mark, share in ((".row-mark", "top"), (".column-mark", "left")):
            at = figure.locator(f".frame {mark}").evaluate("(m, side) => m.style[side]", share)
            assert float(at.rstrip("%")) == pytest.approx({"top": 1700 / 28, "left": 4200 / 128}[share])
    page.mouse.move(0, 0)
    assert page.text_content("#cursor-text") == "row 28 · unit 18"


def test_the_slider_marks_the_row_on_every_picture(page) -> None:
    example(page, 4)
    page.locator("#row").fill("9")
    assert page.text_content("#row-text") == "row 10"
    marks = page.locator(".row-mark").evaluate_all("marks => marks.map((m) => parseFloat(m.style.top))")
    assert len(marks) == 3 + 2 * 7 + 2
    assert marks == pytest.approx([900 / 28] * len(marks), rel=1e-4)
    page.focus("#row")
    page.keyboard.press("ArrowRight")
    assert page.text_content("#row-text") == "row 11"


def test_play_runs_through_the_rows(page) -> None:
    example(page, 2)
    page.click("#play")
    expect(page.locator("#play")).to_contain_text("Pause")
    rows = set()
    for _ in range(100):
        rows.add(int(page.input_value("#row")))
        page.wait_for_timeout(40)
        if page.text_content("#play").strip() == "Read":
            break
    assert len(rows) > 20
    assert page.input_value("#row") == "27"
    page.click("#play")
    page.wait_for_timeout(300)
    page.click("#play")
    stopped = page.input_value("#row")
    page.wait_for_timeout(300)
    assert page.input_value("#row") == stopped


def test_the_keyboard_reaches_the_maps(page) -> None:
    example(page, 4)
    page.focus("#hidden canvas")
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert page.text_content("#cursor-text") == "row 26 · unit 20"
    page.keyboard.press("Enter")
    assert page.input_value("#row") == "25"


def test_undo_and_clear(page) -> None:
    expect(page.locator("#clear")).to_be_disabled()
    says(page, "")
    draw(page, [[300, 250, 310, 750]])
    settled(page)
    one = pixels(page, "#what-it-reads")
    says(page, "1")
    draw(page, [[600, 250, 610, 750]])
    settled(page)
    assert pixels(page, "#what-it-reads") != one
    page.click("#undo")
    settled(page)
    assert pixels(page, "#what-it-reads") == one
    page.click("#clear")
    says(page, "")
    settled(page)
    assert not any(pixel >> 24 & 255 for pixel in pixels(page, "#what-it-reads"))
    assert not any(pixels(page, "#sketch-pad"))
    page.keyboard.press("Control+z")
    says(page, "1")
    page.keyboard.press("Delete")
    says(page, "")


@pytest.mark.parametrize("jitter", [(0, 0), (0, 1), (1, -2), (0, 6)])
def test_a_tap_is_a_dot_and_no_digit(page, jitter) -> None:
    box = page.locator("#sketch-pad canvas").bounding_box()
    x, y = box["x"] + 50, box["y"] + 50
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + jitter[0], y + jitter[1], steps=3)
    page.mouse.up()
    says(page, "?")
    settled(page)
    expect(page.locator("#prediction")).to_contain_text("Not a digit")
    assert any(pixels(page, "#sketch-pad"))
    ink = [pixel >> 24 & 255 for pixel in pixels(page, "#what-it-reads")]
    assert 0 < sum(ink) / 255 < 12


def test_a_late_reply_does_not_bring_back_what_was_cleared(page) -> None:
    example(page, 5)
    page.evaluate(
        "() => { window.seen = [];"
        " new MutationObserver(() => seen.push(document.querySelector('#prediction').dataset.digit))"
        ".observe(document.querySelector('#prediction'), {attributes: true}); }"
    )
    held = Held(page)
    page.click("#examples button >> nth=8")
    while held.first is None:
        page.wait_for_timeout(20)
    page.click("#clear")
    held.let_go = True
    held.first.continue_()
    says(page, "")
    settled(page)
    assert "8" not in page.evaluate("seen")


def test_one_request_is_in_flight_and_the_newest_drawing_goes_next(page) -> None:
    flights, sent = {"now": 0, "most": 0}, []

    def slowly(route: Route) -> None:
        flights["now"] += 1
        flights["most"] = max(flights.values())
        sent.append(json.loads(route.request.post_data)["data"]["strokes"])
        reply = route.fetch()
        page.wait_for_timeout(150)
        flights["now"] -= 1
        route.fulfill(response=reply)

    page.route(CALLS, slowly)
    for stroke in strokes_of(4):
        draw(page, [stroke])
    settled(page)
    says(page, "4")
    page.unroute_all(behavior="wait")
    assert flights["most"] == 1
    assert len(sent) < 20
    assert len(sent[-1]) == len(strokes_of(4))


def test_an_answer_after_the_page_lost_patience_is_not_painted(page) -> None:
    held = Held(page)
    page.click("#examples button >> nth=8")
    expect(page.locator("#status")).to_contain_text("Your drawing is kept", timeout=10_000)
    held.let_go = True
    page.click("#examples button >> nth=2")
    says(page, "2")
    expect(page.locator("#status")).to_be_hidden()
    before = revision(page)
    held.first.continue_()
    page.wait_for_timeout(500)
    says(page, "2")
    assert revision(page) == before


@pytest.mark.parametrize(
    "body", ["", "null", "{", '{"ok": true}', '{"ok": true, "digit": 3, "arrays": "AAAA"}', '{"ok": true, "arrays": 7}']
)
def test_a_damaged_reply_is_asked_for_again(page, body) -> None:
    page.route(CALLS, lambda route: route.fulfill(status=200, content_type="application/json", body=body))
    page.click("#examples button >> nth=6")
    expect(page.locator("#status")).to_contain_text("trying again")
    page.unroute(CALLS)
    says(page, "6")
    expect(page.locator("#status")).to_be_hidden()


def test_what_the_server_refuses_is_said_in_words(page) -> None:
    reply = {"ok": False, "error": "The drawing has 30,000 points; at most 20,000 can be read."}
    page.route(CALLS, lambda route: route.fulfill(status=200, json=reply))
    draw(page, strokes_of(6))
    expect(page.locator("#status")).to_have_text(reply["error"])
    assert any(pixels(page, "#sketch-pad"))


def test_a_page_that_did_not_load_whole_says_so(demo: Demo, browser: Browser) -> None:
    page = browser.new_page()
    page.route(re.compile(r"colours\.json"), lambda route: route.abort())
    page.goto(demo.url)
    expect(page.locator("#status")).to_have_text("The page did not load whole. Please load it again.")
    page.close()


def test_a_finger_draws_and_does_not_scroll_the_page(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_page(page, demo.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#sketch-pad canvas").bounding_box()
    devtools = context.new_cdp_session(page)

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
        """all => all.filter((e) => !e.closest("#how p, #how li"))
            .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, r]) => r.width < 44 || r.height < 44).map(([html]) => html)"""
    )
    assert small == []
    context.close()


def test_the_theme_follows_the_system_and_then_the_button(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    open_page(page, demo.url)
    shade = "() => getComputedStyle(document.querySelector('.card')).backgroundColor"
    dark, dark_map = page.evaluate(shade), pixels(page, "#hidden")
    page.click("#theme")
    light, light_map = page.evaluate(shade), pixels(page, "#hidden")
    assert light == "rgb(255, 255, 255)"
    assert dark != light
    assert dark_map != light_map
    page.reload()
    page.wait_for_selector("#prediction[data-revision='1']")
    assert page.evaluate(shade) == light
    context.close()


def test_nothing_is_fetched_from_another_host_and_no_script_fails(page) -> None:
    for digit in range(10):
        page.click(f"#examples button >> nth={digit}")
        says(page, str(digit))
    time.sleep(0.2)  # the page fixture looks at every request when the test is over
