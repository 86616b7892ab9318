"""One unit: its lines, its weights, the digits that drive it, and its update in numbers."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from model import Reader, strokes_to_image
from tests.support.browser import choose, number, pixels, point, wait_until
from tests.support.drawings import as_points, first_of


def test_the_lines_are_those_of_the_unit_in_focus(four: Page) -> None:
    choose(four, "cell", 13, 77)
    assert four.text_content("#update-title span") == "At row 14, unit 77"
    four.locator(".unit .lines").scroll_into_view_if_needed()  # out of sight they are not drawn
    lines = pixels(four, ".unit .lines")
    choose(four, "hidden", 13, 20)
    assert four.text_content(".number") == "Unit 20"
    four.locator(".unit .lines").scroll_into_view_if_needed()
    for _ in range(100):
        if (pixels(four, ".unit .lines") != lines).any():
            return
        four.wait_for_timeout(20)
    raise AssertionError("the lines are still those of the other unit")


def test_the_weights_and_what_the_unit_adds(four: Page, reader: Reader) -> None:
    reading = reader.read(strokes_to_image(as_points(first_of(4))))
    choose(four, "hidden", 27, 18)
    weights = [number(text) for text in four.locator(".readout output").all_text_contents()]
    np.testing.assert_allclose(weights, reader.readout[18], atol=0.0051)
    added = number(four.text_content(".readout p b"))
    assert added == pytest.approx(reading.trace.hidden[27, 18] * reader.readout[18, 4], abs=0.1)


def test_the_digits_that_drive_it_come_after_the_first_reading(four: Page) -> None:
    expect(four.locator(".drives canvas")).to_have_count(20)  # highest and lowest
    inked = "c => c.getContext('2d').getImageData(0, 0, 28, 28).data.some((v, i) => i % 4 === 3 && v > 200)"
    wait_until(four, f"[...document.querySelectorAll('.drives canvas')].every({inked})")


def test_the_update_is_right_with_its_real_numbers(four: Page, reader: Reader) -> None:
    cell = reader.read(strokes_to_image(as_points(first_of(4)))).trace.cell
    for row, column in ((0, 3), (9, 60), (27, 127)):
        point(four, "cell", row, column)
        f, before, i, g, c, o, again, h = map(number, four.locator(".term").all_text_contents())
        assert f * before + i * g == pytest.approx(c, abs=0.03)
        assert o * np.tanh(again) == pytest.approx(h, abs=0.02)
        assert before == pytest.approx(cell[row - 1, column] if row else 0, abs=0.0051)


def test_a_term_lights_its_cell_and_a_cell_its_term(four: Page) -> None:
    four.locator("#row").fill("10")
    four.hover(".term[data-map=candidate]")
    lit = four.locator("#candidate .cell-mark")
    assert lit.is_visible()
    assert number(lit.evaluate("e => e.style.top")) == pytest.approx(1000 / 28, rel=1e-3)
    assert four.locator("#input_gate .cell-mark").is_hidden()
    four.focus(".term[data-before='1']")
    assert number(four.locator("#cell .cell-mark").evaluate("e => e.style.top")) == pytest.approx(900 / 28, rel=1e-3)
    point(four, "output_gate", 5, 5)
    assert four.locator(".term.lit").evaluate_all("all => all.map((e) => e.dataset.map)") == ["output_gate"]


@pytest.mark.parametrize("chart", [".unit .lines canvas", pytest.param(".sums canvas", marks=pytest.mark.thorough)])
def test_a_finger_chooses_a_row_on_a_chart_when_it_is_lifted_and_not_when_it_scrolls(four: Page, chart: str) -> None:
    canvas = four.locator(chart)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    finger = {"pointerType": "touch", "clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + 20}
    row = four.locator("#row")
    before = row.input_value()
    canvas.dispatch_event("pointerdown", finger)
    canvas.dispatch_event("pointercancel", finger)
    assert row.input_value() == before
    canvas.dispatch_event("pointerdown", finger)
    canvas.dispatch_event("pointerup", finger)
    assert 10 <= int(row.input_value()) <= 17


def test_a_pen_that_hovers_points_until_it_leaves(four: Page) -> None:
    canvas = four.locator("#cell canvas")
    box = canvas.bounding_box()
    pen = {"pointerType": "pen", "clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + box["height"] / 3}
    before = four.text_content("#cursor-text")
    canvas.dispatch_event("pointermove", pen)
    assert four.text_content("#cursor-text") != before
    canvas.dispatch_event("pointerleave", pen)
    assert four.text_content("#cursor-text") == before
