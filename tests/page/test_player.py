"""Read: row by row, everything shows what was read so far, and afterwards the whole reading again."""

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import model
from model import Reader, strokes_to_image
from tests.support.browser import MAPS, example, number, open_page, says, settled, wait_until, watched
from tests.support.demo import Demo
from tests.support.drawings import as_points, first_of


@pytest.fixture(scope="module")
def reading(reader: Reader) -> model.Reading:
    return reader.read(strokes_to_image(as_points(first_of(4))))


def shares(page: Page) -> list[float]:
    return [number(text) for text in page.locator(".bars output").all_text_contents()]


def test_the_answer_stands_as_after_the_row_and_what_is_unread_is_veiled(four: Page, reading: model.Reading) -> None:
    final = shares(four)
    four.locator("#row").fill("13")
    assert four.text_content("#after-row") == "after row 14"
    best = int(reading.verdict[13].argmax())
    assert four.text_content(".answer strong") == str(best)
    assert "after row 14" in four.text_content(".answer span")
    np.testing.assert_allclose(shares(four), 100 * reading.verdict[13], atol=1.5)
    says(four, "4")
    for name in (*MAPS, "verdict"):
        top = four.locator(f"#{name} .veil").evaluate("e => e.style.top")
        assert number(top) == pytest.approx(1400 / 28, abs=0.01), name
    four.locator("#row").fill("27")
    assert four.locator(".veil:visible").count() == 0
    assert shares(four) == final
    assert four.text_content("#after-row") == "after row 28"


def test_another_place_or_another_stroke_ends_it(four: Page) -> None:
    four.locator("#row").fill("5")
    assert four.locator(".veil:visible").count() > 0
    four.locator("#what-it-reads canvas").click(position={"x": 20, "y": 60})
    assert four.locator(".veil:visible").count() == 0
    assert four.text_content(".answer strong") == "4"


def test_keys_step_and_a_loop_begins_again(four: Page) -> None:
    four.locator("#row").fill("9")
    four.keyboard.press(".")
    assert four.input_value("#row") == "10"
    four.keyboard.press(",")
    four.keyboard.press(",")
    assert four.input_value("#row") == "8"
    four.locator("#row").fill("25")
    four.select_option("#pace", "2")
    four.click("#loop")
    four.click("#play")
    wait_until(four, "document.querySelector('#row').valueAsNumber < 20")
    assert four.text_content("#play .word") == "Pause"
    four.click("#play")


def test_a_row_takes_its_time(browser: Browser, url: str) -> None:
    context = browser.new_context()  # all its pages have the same clock
    with watched(context, url, strokes=first_of(4)) as page:
        page.clock.install()
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
        for k, (pace, row_time) in enumerate((("0.5", 500), ("1", 250), ("2", 125))):
            page.select_option("#pace", pace)
            page.click("#play")
            assert page.input_value("#row") == str(4 * k)  # it goes on from there
            page.clock.run_for(4 * row_time + 10)
            assert page.input_value("#row") == str(4 * k + 4)
            page.click("#play")
    context.close()


def test_row_and_unit_are_where_the_reading_turns_until_they_are_chosen(
    demo: Demo, visitor: BrowserContext, reader: Reader
) -> None:
    page = visitor.new_page()
    open_page(page, demo.url)
    example(page, 7)
    page.wait_for_timeout(400)
    turned = reader.read(strokes_to_image(as_points(page.evaluate(
        "fetch('assets/data/examples.json').then((reply) => reply.json())"
    )["strokes"][7])))  # fmt: skip
    says_seven = turned.verdict.argmax(1) == 7
    row = 28 - int(np.argmin(says_seven[::-1]))
    assert page.input_value("#row") == str(row)
    rival = int(np.delete(turned.verdict[row - 1], 7).argmax())
    rival += rival >= 7
    unit = int((turned.added[row] * (reader.readout[:, 7] - reader.readout[:, rival])).argmax())
    assert page.text_content("#cursor-text") == f"row {row + 1} · unit {unit}"
    assert page.locator(".veil:visible").count() == 0
    page.wait_for_timeout(400)
    assert "row=" not in page.url
    page.locator("#cell canvas").click(position={"x": 30, "y": 30})
    chosen = page.text_content("#cursor-text")
    example(page, 2)
    settled(page)
    page.wait_for_timeout(400)
    page.mouse.move(0, 0)
    assert page.text_content("#cursor-text") == chosen
    page.close()
