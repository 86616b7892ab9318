"""The maps of 28 rows × 128 units: what they show, the row and unit in focus, the order of the units, what survives."""

import re

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

import model
from model import Reader, strokes_to_image
from tests.support.browser import (
    GATES,
    MAPS,
    choose,
    draw,
    example,
    number,
    open_page,
    pixels,
    point,
    serve_apart,
    settled,
)
from tests.support.demo import Demo
from tests.support.drawings import as_points, first_of


@pytest.fixture(scope="module")
def reading(reader: Reader) -> model.Reading:
    return reader.read(strokes_to_image(as_points(first_of(4))))


@pytest.mark.site
def test_all_six_maps_show_the_reading(page: Page) -> None:
    blank = {name: pixels(page, f"#{name}") for name in GATES}
    example(page, 4)
    for name in GATES:
        assert page.locator(f"#{name} canvas").count() == 1
        drawn = pixels(page, f"#{name}")
        assert drawn.shape == (28, 128)
        assert len(np.unique(drawn)) > 40, name
        assert (drawn != blank[name]).any(), name
        assert page.locator("figure", has=page.locator(f"#{name}")).locator(".scale").is_visible()


def test_maps_are_told_in_words(four: Page, reading: model.Reading) -> None:
    four.wait_for_timeout(900)
    told = four.get_attribute("#forget_gate canvas", "aria-description")
    means = [number(text) for text in re.findall(r"row \d+ (−?[\d.]+\d)", told)]
    np.testing.assert_allclose(means, reading.trace.forget_gate[[0, 13, 27]].mean(1), atol=0.05)


def test_what_is_read_aloud_is_what_is_shown(four: Page) -> None:
    four.click("#pin")
    example(four, 7)
    four.click("#difference")
    name = four.get_attribute("#forget_gate canvas", "aria-label")
    assert name.startswith("Forget gate, this 7 less the pinned 4:")
    four.click("#clear")
    settled(four)
    assert "none" in four.get_attribute("#evidence canvas", "aria-label")
    assert "Draw a digit" in four.get_attribute(".sums canvas", "aria-label")


def test_hovering_a_map_shows_row_unit_and_value_on_all_six(page: Page) -> None:
    example(page, 4)
    before = page.text_content("#cursor-text")
    point(page, "forget_gate", 17, 42)
    assert page.text_content("#cursor-text") == "row 18 · unit 42"
    for name in GATES:
        figure = page.locator("figure", has=page.locator(f"#{name}"))
        assert re.fullmatch(r"−?\d\.\d\d", figure.locator("output").text_content())
        for mark, share in ((".row-mark", "top"), (".column-mark", "left")):
            at = figure.locator(f".frame {mark}").evaluate("(m, side) => m.style[side]", share)
            assert number(at) == pytest.approx({"top": 1700 / 28, "left": 4200 / 128}[share])
    page.mouse.move(0, 0)
    assert page.text_content("#cursor-text") == before


def test_the_keyboard_reaches_the_maps(page: Page) -> None:
    example(page, 4)
    choose(page, "cell", 27, 18)
    page.focus("#hidden canvas")
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert page.text_content("#cursor-text") == "row 26 · unit 20"
    page.keyboard.press("Enter")
    assert page.input_value("#row") == "25"


def test_a_click_chooses_the_row_and_the_unit(four: Page) -> None:
    choose(four, "cell", 13, 77)
    assert four.text_content(".number") == "Unit 77"
    assert four.text_content("#cursor-text") == "row 14 · unit 77"


def test_the_columns_move_to_their_new_order_on_all_maps(four: Page) -> None:
    before = {name: pixels(four, f"#{name}") for name in MAPS}
    four.evaluate(
        """() => { window.frames = new Set();
        const canvas = document.querySelector('#hidden canvas');
        const look = () => { frames.add(canvas.toDataURL()); requestAnimationFrame(look); }; look(); }"""
    )
    four.click("[data-order=similarity]")
    four.wait_for_timeout(800)
    assert four.evaluate("frames.size") > 5, "the columns jumped"
    order = four.evaluate("fetch('page/network.json').then((reply) => reply.json())")["similarity"]
    for name in MAPS:
        np.testing.assert_array_equal(pixels(four, f"#{name}"), before[name][:, order], err_msg=name)
    draw(four, [[700, 700, 720, 720]])
    settled(four)
    point(four, "cell", 3, 0)
    assert four.text_content("#cursor-text") == f"row 4 · unit {order[0]}", "a column lost its place"
    four.click("[data-order=index]")
    four.wait_for_timeout(800)
    point(four, "cell", 3, 0)
    assert four.text_content("#cursor-text") == "row 4 · unit 0"


def test_the_order_by_evidence_and_by_peak(four: Page, reader: Reader) -> None:
    def adds(column: int) -> float:
        point(four, "hidden", 27, column)
        return number(four.text_content(".readout p b"))

    four.click("[data-order=evidence]")
    four.wait_for_timeout(800)
    added = [adds(column) for column in (0, 20, 60, 100, 127)]
    assert added == sorted(added, reverse=True)
    assert added[0] > 0 > added[-1]
    four.click("[data-order=peak]")
    four.wait_for_timeout(800)
    assert four.get_attribute("[data-order=peak]", "aria-pressed") == "true"
    hidden = reader.read(strokes_to_image(as_points(first_of(4)))).trace.hidden
    peaks = np.abs(hidden).argmax(0)
    units = []
    for column in (0, 25, 50, 75, 100, 127):
        point(four, "hidden", 0, column)
        units.append(int(four.text_content("#cursor-text").split()[-1]))
    assert (np.diff(peaks[units]) >= 0).all()
    assert peaks[units[0]] < 14 < peaks[units[-1]]


def test_an_order_that_is_not_known_is_not_offered(page: Page) -> None:
    expect(page.locator("[data-order=evidence]")).to_be_disabled()
    example(page, 4)
    expect(page.locator("[data-order=evidence]")).to_be_enabled()


def test_less_motion_means_a_jump(page: Page) -> None:
    example(page, 4)
    page.emulate_media(reduced_motion="reduce")
    before = pixels(page, "#hidden")
    page.click("[data-order=peak]")
    after = pixels(page, "#hidden")
    assert (after != before).any()
    page.wait_for_timeout(400)
    assert (pixels(page, "#hidden") == after).all()


@pytest.mark.site
def test_what_survives(four: Page, reading: model.Reading) -> None:
    point(four, "memory", 20, 31)
    assert number(four.text_content(".recall output")) == pytest.approx(reading.memory[20, 31], abs=0.1)
    four.mouse.move(0, 0)
    four.locator("#row").fill("27")
    assert number(re.search(r"[\d.]+%", four.text_content(".memories .note"))[0]) >= 99.9
    widths = four.locator(".means i").evaluate_all("all => all.map((e) => e.getBoundingClientRect().width)")
    assert len(widths) == 28
    assert widths == sorted(widths)


def test_a_map_and_a_verdict_stand_without_the_page(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    serve_apart(page)
    open_page(page, demo.url)
    told = page.evaluate(
        """async () => {
        const at = (path) => import(new URL(`assets/components/${path}`, document.baseURI));
        const [{ UnitMap }, { VerdictMap }] = [await at("unit-map.js"), await at("verdict.js")];
        document.body.innerHTML = "<main></main><div></div><ol></ol>";
        const told = [];
        const tell = { point: (p) => told.push(p), pin: (p) => told.push(p), brush: (...a) => told.push(a) };
        const words = { id: "x", title: "X", symbol: "x", does: "does", tip: "tip" };
        const kind = { ...words, colours: "diverging", range: [-1, 1] };
        const map = new UnitMap(document.querySelector("main"), kind, tell);
        map.scale = { ...kind, dark: true };
        const columns = Uint8Array.from({ length: 128 }, (_, k) => 127 - k);
        map.draw(Float32Array.from({ length: 28 * 128 }, (_, k) => (k % 128) / 64 - 1), columns);
        map.mark(3, 5);
        map.say(-0.256, "row 4, unit 122");
        const verdict = new VerdictMap(document.querySelector("div"), document.querySelector("ol"), tell);
        const reading = { digit: 2, closest: 2, probabilities: new Float32Array(10).fill(0.1) };
        verdict.draw({ ...reading, verdict: new Float32Array(280).fill(0.25) }, true);
        verdict.mark(3, 7);
        const canvas = document.querySelector("#x canvas");
        const shade = canvas.getContext("2d").getImageData(0, 0, 128, 1).data;
        canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
        canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        return { told, first: [...shade.slice(0, 3)], last: [...shade.slice(-4, -1)],
            text: document.querySelector("figcaption output").textContent,
            tip: document.querySelector(".tip").textContent, best: document.querySelector(".best").textContent };
        }"""
    )
    assert told["told"] == [{"row": 4, "column": 5}, {"row": 3, "column": 5}]
    assert told["first"][0] > told["first"][2], "the highest value is red"
    assert told["last"][2] > told["last"][0], "the lowest value is blue"
    assert (told["text"], told["tip"], told["best"]) == ("−0.26", "25.0%", "2")
    page.close()
